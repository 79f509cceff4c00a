import { describe, expect, it } from '@jest/globals';
import {
  branchCommits,
  createGitHub,
  discoverFleet,
  type GitHub,
  parseFleet,
  readObjects,
} from '../../src/github/index.ts';
import { commit, git, repositoryWith, type Scene, scene } from '../local-github/support.ts';

function clientOf({ github }: Scene): GitHub {
  return createGitHub({ token: github.token, apiUrl: github.apiUrl, graphqlUrl: github.graphqlUrl, secondMs: 1 });
}

describe('discoverFleet', () => {
  it('reads head, images.yaml and the files below docker/ of every repository in one query', async () => {
    const stage = await scene();
    const { sha } = await repositoryWith(stage, 'runtime', {
      'images.yaml': 'namespace: acme\n',
      'docker/nginx/Dockerfile.j2': 'FROM x\n',
      'docker/_macros/deep/apt.j2': 'x',
    });
    await repositoryWith(stage, 'app', { 'main.py': 'print()\n' });
    const { repositories, problems } = await discoverFleet(clientOf(stage), parseFleet(['acme/runtime', 'acme/app']));
    expect(problems).toEqual([]);
    expect(repositories).toMatchObject([
      {
        repository: 'acme/runtime',
        defaultBranch: 'main',
        head: sha,
        inactive: false,
        config: 'namespace: acme\n',
        paths: [
          'docker/_macros',
          'docker/nginx',
          'docker/_macros/deep',
          'docker/nginx/Dockerfile.j2',
          'docker/_macros/deep/apt.j2',
        ],
      },
      { repository: 'acme/app', defaultBranch: 'main', paths: [] },
    ]);
    expect(repositories[1]?.config).toBeUndefined();
    expect(stage.github.requests.map(({ operation }) => operation)).toEqual(['Fleet']);
    expect(stage.github.violations).toEqual([]);
  });

  it('tells of a repository that is not there and reads the others', async () => {
    const stage = await scene();
    await repositoryWith(stage, 'web', { 'images.yaml': '' });
    const { repositories, problems } = await discoverFleet(clientOf(stage), parseFleet(['acme/gone', 'acme/web']));
    expect(repositories.map(({ repository }) => repository)).toEqual(['acme/web']);
    expect(problems).toMatchObject([{ message: 'acme/gone does not exist, or the token has no access to it' }]);
  });

  it('leaves out empty repositories and marks archived ones', async () => {
    const stage = await scene();
    await stage.github.createRepository('empty');
    await repositoryWith(stage, 'old', { 'images.yaml': '' });
    await stage.github.editRepository('old', { archived: true });
    const { repositories, problems } = await discoverFleet(clientOf(stage), parseFleet(['acme/empty', 'acme/old']));
    expect(problems).toEqual([]);
    expect(repositories).toMatchObject([{ repository: 'acme/old', inactive: true }]);
  });

  it('asks for many repositories in a few queries', async () => {
    const stage = await scene();
    await repositoryWith(stage, 'web', { 'images.yaml': '' });
    const names = Array.from({ length: 60 }, (_, at) => (at === 59 ? 'acme/web' : `acme/gone${at}`));
    const { repositories, problems } = await discoverFleet(clientOf(stage), parseFleet(names));
    expect(repositories.map(({ repository }) => repository)).toEqual(['acme/web']);
    expect(problems).toHaveLength(59);
    expect(stage.github.requests).toHaveLength(3);
  });

  it('says what to do about a token that is not accepted', async () => {
    const stage = await scene();
    const { apiUrl, graphqlUrl } = stage.github;
    const github = createGitHub({ token: 'wrong', apiUrl, graphqlUrl });
    await expect(discoverFleet(github, parseFleet(['acme/web']))).rejects.toThrow(
      /does not accept the token.*set the input 'token'/,
    );
  });
});

const images = { 'images.yaml': 'namespace: acme\n' };

describe('discoverFleet, of an owner', () => {
  it("finds an organisation's repositories with images.yaml by topic, archived ones left out", async () => {
    const stage = await scene();
    const { sha } = await repositoryWith(stage, 'base', images, { topics: ['images', 'debian'] });
    await repositoryWith(stage, 'other', images, { topics: ['debian'] });
    await repositoryWith(stage, 'app', { 'main.py': '' }, { topics: ['images'] });
    await repositoryWith(stage, 'old', images, { topics: ['images'] });
    await stage.github.editRepository('old', { archived: true });
    await stage.github.createRepository('empty', { topics: ['images'] });
    const { repositories, problems } = await discoverFleet(clientOf(stage), parseFleet(['acme topic:images']));
    expect(problems).toEqual([]);
    expect(repositories).toMatchObject([
      { repository: 'acme/base', defaultBranch: 'main', head: sha, config: 'namespace: acme\n' },
    ]);
    expect(stage.github.requests.map(({ operation }) => operation)).toEqual(['Owner', 'Contents']);
    expect(stage.github.violations).toEqual([]);
  });

  it('finds those of a user as well, and one that is listed twice once', async () => {
    const stage = await scene();
    await repositoryWith(stage, 'ada/web', images);
    const fleet = parseFleet(['ada', 'Ada/web', 'ada topic:none']);
    const { repositories, problems } = await discoverFleet(clientOf(stage), fleet);
    expect(repositories.map(({ repository }) => repository)).toEqual(['ada/web']);
    expect(problems).toMatchObject([
      { message: "ada has no repository with images.yaml and the topic 'none' that the token can see" },
    ]);
  });

  it('tells of an owner that is not there', async () => {
    const { problems } = await discoverFleet(clientOf(await scene()), parseFleet(['nobody']));
    expect(problems).toMatchObject([{ message: expect.stringContaining('no such organisation or user') }]);
  });

  it('reads more than one page of 100', async () => {
    const stage = await scene();
    await Promise.all(Array.from({ length: 105 }, (_, at) => stage.github.createRepository(`a${at}`)));
    await repositoryWith(stage, 'web', images);
    const { repositories } = await discoverFleet(clientOf(stage), parseFleet(['acme']));
    expect(repositories.map(({ repository }) => repository)).toEqual(['acme/web']);
    expect(stage.github.requests.map(({ operation }) => operation)).toEqual(['Owner', 'Owner', 'Contents']);
  });

  it('asks for heads alone where the contents of their commits are known', async () => {
    const stage = await scene();
    const { sha } = await repositoryWith(stage, 'web', images);
    const content = { config: 'namespace: kept\n', paths: [] };
    const known = {
      has: () => true,
      get: (repository: string, commit: string) =>
        `${repository}@${commit}` === `acme/web@${sha}` ? content : undefined,
    };
    const { repositories } = await discoverFleet(clientOf(stage), parseFleet(['acme', 'acme/web']), { known });
    expect(repositories).toMatchObject([content]);
    expect(stage.github.requests.map(({ operation }) => operation).sort()).toEqual(['Fleet', 'Owner']);
  });

  it('looks at another commit of one repository where that is asked for', async () => {
    const stage = await scene();
    const { sha, work } = await repositoryWith(stage, 'web', images);
    await commit(work, { 'images.yaml': 'namespace: next\n' });
    await git(work, ['push', '--quiet', 'origin', 'main'], stage.github.token);
    const at = { repository: 'Acme/web', revision: sha };
    const { repositories } = await discoverFleet(clientOf(stage), parseFleet(['acme/web']), { at });
    expect(repositories).toMatchObject([{ head: sha, config: 'namespace: acme\n' }]);
  });
});

describe('parseFleet', () => {
  it('reads repositories, owners, and owners with a topic', () => {
    expect(parseFleet(['acme/web', 'acme', 'acme topic:Images'])).toEqual([
      { kind: 'repository', repository: 'acme/web' },
      { kind: 'owner', owner: 'acme' },
      { kind: 'owner', owner: 'acme', topic: 'images' },
    ]);
  });

  it.each(['acme/web/x', 'acme/..', 'acme/a b', 'acme images', 'acme topic:', 'acme topic:a b', '") { x }/y'])(
    'refuses %s',
    (line) => {
      expect(() => parseFleet(['acme', line])).toThrow(/names no repositories; write 'owner\/name'/);
    },
  );
});

describe('readObjects', () => {
  it('gives object ids of files, folders and the root, and the text of files', async () => {
    const stage = await scene();
    const files = { 'images.yaml': 'a: 1\n', 'docker/we"ird $name/Dockerfile.j2': 'FROM x\n', logo: '\0binary' };
    const { sha, work } = await repositoryWith(stage, 'web', files);
    const paths = ['images.yaml', 'docker/we"ird $name', 'docker/we"ird $name/Dockerfile.j2', '.', 'logo', 'gone'];
    const [objects] = await readObjects(clientOf(stage), [{ repository: 'acme/web', revision: sha, paths }]);
    const id = (path: string) => git(work, ['rev-parse', `${sha}:${path}`]);
    expect(objects).toEqual(
      new Map([
        ['images.yaml', { id: await id('images.yaml'), type: 'blob', text: 'a: 1\n' }],
        ['docker/we"ird $name', { id: await id('docker/we"ird $name'), type: 'tree' }],
        [
          'docker/we"ird $name/Dockerfile.j2',
          { id: await id('docker/we"ird $name/Dockerfile.j2'), type: 'blob', text: 'FROM x\n' },
        ],
        ['.', { id: await id(''), type: 'tree' }],
        ['logo', { id: await id('logo'), type: 'blob' }],
      ]),
    );
    expect(stage.github.violations).toEqual([]);
  });

  it('splits a long list of paths and puts the answers together', async () => {
    const stage = await scene();
    const names = Array.from({ length: 90 }, (_, at) => `f${at}`);
    const { sha } = await repositoryWith(stage, 'web', Object.fromEntries(names.map((name) => [name, name])));
    const requests = [
      { repository: 'acme/web', revision: sha, paths: names },
      { repository: 'acme/web', revision: sha, paths: ['f1'] },
    ];
    const [many, one] = await readObjects(clientOf(stage), requests);
    expect([...(many ?? [])].every(([path, { text }]) => path === text)).toBe(true);
    expect(many?.size).toBe(90);
    expect(one?.get('f1')?.text).toBe('f1');
  });
});

describe('branchCommits', () => {
  it('reads branches, and tags where there is no such branch', async () => {
    const stage = await scene();
    const { work, sha } = await repositoryWith(stage, 'app', { 'main.py': '' });
    await git(work, ['tag', '-a', '-m', 'First', 'v1']);
    await git(work, ['tag', 'light']);
    await git(work, ['push', '--quiet', 'origin', 'v1', 'light'], stage.github.token);
    const ref = (name: string) => ({ repository: 'acme/app', ref: name });
    const found = await branchCommits(clientOf(stage), ['main', 'v1', 'light', 'gone'].map(ref));
    expect(found).toEqual([{ commit: sha }, { commit: sha }, { commit: sha }, {}]);
    expect(stage.github.violations).toEqual([]);
  });

  it('tells of a repository that can not be read', async () => {
    const stage = await scene();
    const found = await branchCommits(clientOf(stage), [{ repository: 'acme/gone', ref: 'main' }]);
    expect(found).toMatchObject([{ problem: { message: expect.stringContaining('acme/gone does not exist') } }]);
  });
});
