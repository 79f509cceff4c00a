import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formatProblem, problemsOf } from '../../src/problems.ts';
import { imageNamed, startWorld, type World } from './fleet-repository.ts';

let world: World;
let debian = '';
beforeAll(async () => {
  world = await startWorld();
  debian = await world.publish('library/debian', 'bookworm', 'debian');
});
afterAll(() => world.stop());

/** The files of a repository whose namespace is its own. */
function files(namespace: string, rest: Record<string, string>): Record<string, string> {
  return { 'images.yaml': `registry: ${world.host}\nnamespace: ${namespace}\n`, ...rest };
}

function fromDebian(): string {
  return `FROM ${world.host}/library/debian:bookworm\n`;
}

async function problems(workspace: string, options?: Parameters<World['render']>[1]): Promise<string[]> {
  try {
    await world.render(workspace, options);
  } catch (error) {
    return problemsOf(error).map(formatProblem);
  }
  return [];
}

describe('an image that has never been built', () => {
  it('has its Dockerfile and context in the run folder, and is to be built and tested', async () => {
    const workspace = await world.commit('one', {
      ...files('one', {
        'docker/web/Dockerfile.j2': `${fromDebian()}COPY . /srv\nENV TITLE="{{ title }}"\n`,
        'docker/web/site.conf.j2': 'title {{ title }}\n',
        'docker/web/run.sh': 'exec x',
        'docker/web/tests.yaml': 'checks: []',
        'docker/web/_part.j2': '{{ nowhere }}',
      }),
      'images.yaml': `registry: ${world.host}\nnamespace: one\nvars: { title: Hello }\n`,
    });
    symlinkSync('run.sh', join(workspace, 'docker/web/start'));
    symlinkSync('/usr/bin/python3', join(workspace, 'docker/web/python'));
    const web = imageNamed(await world.render(workspace), 'web');
    expect(readFileSync(web.dockerfile, 'utf8')).toBe(`${fromDebian()}COPY . /srv\nENV TITLE="Hello"`);
    expect(web.templateLines).toEqual([1, 2, 3]);
    expect(readdirSync(web.context).sort()).toEqual(['python', 'run.sh', 'site.conf', 'start']);
    expect(readFileSync(join(web.context, 'site.conf'), 'utf8')).toBe('title Hello');
    expect(readlinkSync(join(web.context, 'start'))).toBe('run.sh');
    expect(web.tags).toEqual(['latest']);
    expect(web.upstreams).toEqual([
      {
        kind: 'image',
        written: `${world.host}/library/debian:bookworm`,
        reference: `${world.host}/library/debian:bookworm`,
        digest: debian,
        platforms: { 'linux/amd64': debian },
        fleet: false,
      },
    ]);
    expect(web.build).toEqual({ needed: true, reason: 'nothing has been built from these inputs yet' });
    expect(web.test.needed).toBe(true);
    const objects = web.material.input.objects;
    expect(Object.keys(objects)).toEqual(['docker/web', 'images.yaml']);
    expect(objects['docker/web']).toBe(await world.git(workspace, 'rev-parse', 'HEAD:docker/web'));
  });
});

describe('an image that was built before', () => {
  let workspace = '';
  let digest = '';
  beforeAll(async () => {
    workspace = await world.commit(
      'two',
      files('two', {
        'docker/web/Dockerfile.j2': `{# a comment #}${fromDebian()}COPY file /`,
        'docker/web/file': 'a',
        'docker/web/tests.yaml': 'checks: []',
      }),
    );
    const { keys } = imageNamed(await world.render(workspace), 'web');
    digest = await world.publish('two/web', `k-${keys?.build}`, 'web');
    await world.registry.tag(`${world.host}/two/web`, digest, `t-${keys?.tests}`);
  });

  it('is neither built nor tested again', async () => {
    const web = imageNamed(await world.render(workspace), 'web');
    expect(web.build).toEqual({ needed: false, reason: `already built as ${digest}` });
    expect(web.test).toEqual({ needed: false, reason: `${digest} has passed these tests already` });
    expect(web.digest).toBe(digest);
  });

  it('is built again when that is asked for', async () => {
    expect(imageNamed(await world.render(workspace, { force: true }), 'web').build.needed).toBe(true);
  });

  it.each<[string, Record<string, string>, boolean, boolean]>([
    ['a comment in its template', { 'docker/web/Dockerfile.j2': '{# another #}' }, false, false],
    ['its tests', { 'docker/web/tests.yaml': 'checks: [x]' }, false, true],
    ['a file of its context', { 'docker/web/file': 'b' }, true, true],
    ['a file beside its folder', { 'README.md': 'b' }, false, false],
  ])('changes with %s', async (_what, change, built, tested) => {
    const before = Object.fromEntries(
      Object.keys(change).map((path) => {
        const full = join(workspace, path);
        return [
          full,
          readdirSync(join(full, '..')).includes(path.split('/').at(-1) ?? '') ? readFileSync(full, 'utf8') : '',
        ];
      }),
    );
    for (const [path, text] of Object.entries(change)) {
      const full = join(workspace, path);
      writeFileSync(full, text.startsWith('{#') ? `${text}${(before[full] ?? '').replace(/^\{#.*?#\}/, '')}` : text);
    }
    const web = imageNamed(await world.render(workspace), 'web');
    for (const [path, text] of Object.entries(before)) writeFileSync(path, text);
    expect([web.build.needed, web.test.needed]).toEqual([built, tested]);
  });

  it('is built again when its upstream is another', async () => {
    await world.publish('library/debian', 'bookworm', 'debian, next week');
    const web = imageNamed(await world.render(workspace), 'web');
    await world.publish('library/debian', 'bookworm', 'debian');
    expect(web.build.needed).toBe(true);
  });
});

describe('tests in a folder', () => {
  const settings = (host: string, name: string): string =>
    `registry: ${host}\nnamespace: ${name}\nimages: { web: { tests: docker/web/tests } }\n`;

  it('are left out of the context, and any file there is one of them', async () => {
    const workspace = await world.commit('folder', {
      ...files('folder', {
        'docker/web/Dockerfile.j2': fromDebian(),
        'docker/web/tests/tests.yaml': 'checks: []',
        'docker/web/tests/ca.pem': 'first',
      }),
      'images.yaml': settings(world.host, 'folder'),
    });
    const first = imageNamed(await world.render(workspace), 'web');
    expect([first.tests, readdirSync(first.context)]).toEqual(['docker/web/tests/tests.yaml', []]);
    writeFileSync(join(workspace, 'docker/web/tests/ca.pem'), 'second');
    const second = imageNamed(await world.render(workspace), 'web');
    expect(second.keys?.build).toBe(first.keys?.build);
    expect(second.keys?.tests).not.toBe(first.keys?.tests);
  });

  it('need a test file', async () => {
    const workspace = await world.commit('bare', {
      ...files('bare', { 'docker/web/Dockerfile.j2': fromDebian(), 'docker/web/tests/ca.pem': '' }),
      'images.yaml': settings(world.host, 'bare'),
    });
    expect(await problems(workspace)).toEqual([
      "images.yaml:3:11: the folder docker/web/tests with the tests of image 'web' has no tests.yaml or goss.yaml; create docker/web/tests/tests.yaml, or name a test file under 'tests'",
    ]);
  });
});

describe('images of one repository', () => {
  const base = 'docker/base/Dockerfile.j2';
  const app = 'docker/app/Dockerfile.j2';
  let workspace = '';
  beforeAll(async () => {
    workspace = await world.commit(
      'three',
      files('three', {
        [base]: fromDebian(),
        [app]: "FROM {{ image_spec('base') }}\nCOPY --from={{ namespace }}/{{ image_prefix }}base:{{ tag }} /a /b",
      }),
    );
  });

  it('come in the order in which they are built, the upper ones without keys', async () => {
    const { images } = await world.render(workspace);
    expect(images.map(({ name }) => name)).toEqual(['base', 'app']);
    expect(images[1]?.upstreams).toEqual([
      {
        kind: 'pending',
        written: `${world.host}/three/base:latest`,
        reference: `${world.host}/three/base:latest`,
        image: 'base',
      },
    ]);
    expect(images[1]?.keys).toBeUndefined();
    expect(images[1]?.build).toEqual({ needed: true, reason: 'its upstream base is built in this run' });
  });

  it('stand on what was built from the same inputs, whatever the main tag points at', async () => {
    const { keys } = imageNamed(await world.render(workspace), 'base');
    const digest = await world.publish('three/base', `k-${keys?.build}`, 'built on a branch');
    await world.publish('three/base', 'latest', 'published');
    const { images } = await world.render(workspace, { ref: { name: 'feature', isDefaultBranch: false } });
    expect(images[1]?.tags).toEqual(['feature']);
    expect(images[1]?.upstreams).toMatchObject([
      { kind: 'image', digest, reference: `${world.host}/three/base:latest` },
    ]);
    const merged = imageNamed(await world.render(workspace), 'app');
    expect(merged.keys).toEqual(images[1]?.keys);
  });

  it('stand on the published image of one that is left out, on a branch on its own', async () => {
    const published = await world.publish('three/base', 'latest', 'published');
    const own = await world.publish('three/base', 'feature', 'of the branch');
    const onMain = imageNamed(await world.render(workspace, { images: ['app'] }), 'app');
    expect(onMain.upstreams).toMatchObject([{ kind: 'image', digest: published }]);
    const ref = { name: 'feature', isDefaultBranch: false };
    const onBranch = imageNamed(await world.render(workspace, { images: ['a*'], ref }), 'app');
    expect(onBranch.upstreams).toMatchObject([{ kind: 'image', digest: own }]);
  });

  it('must not build on each other in a circle', async () => {
    const circle = await world.commit(
      'circle',
      files('circle', {
        'docker/a/Dockerfile.j2': "FROM {{ image_spec('b') }}",
        'docker/b/Dockerfile.j2': "FROM {{ image_spec('c') }}",
        'docker/c/Dockerfile.j2': "FROM {{ image_spec('a') }}",
      }),
    );
    expect(await problems(circle)).toEqual([expect.stringContaining('circle: a → b → c → a')]);
  });

  it('are found by name or pattern, and a pattern that finds none is an error', async () => {
    expect((await world.render(workspace, { images: ['b*'] })).images.map(({ name }) => name)).toEqual(['base']);
    expect(await problems(workspace, { images: ['bse', 'x*'] })).toEqual([
      "input 'images': there is no image 'bse'; did you mean 'base'? Images are app, base",
      "input 'images': there is no image 'x*'; images are app, base",
    ]);
  });
});

describe('an upstream', () => {
  it('that the fleet has not published yet makes the image wait, and those on top of it', async () => {
    const workspace = await world.commit(
      'four',
      files('four', {
        'docker/web/Dockerfile.j2': 'FROM {{ image_spec("unpublished") }}',
        'docker/shop/Dockerfile.j2': 'FROM {{ image_spec("web") }}',
      }),
    );
    const { images } = await world.render(workspace);
    expect(images.map(({ name, waiting, build }) => [name, waiting, build.needed, build.reason])).toEqual([
      ['web', true, false, `${world.host}/four/unpublished:latest is not published yet`],
      ['shop', true, false, 'its upstream web is waiting'],
    ]);
  });

  it('that does not exist is an error on its line', async () => {
    const workspace = await world.commit(
      'five',
      files('five', {
        'docker/web/Dockerfile.j2': `# one\n${fromDebian()}COPY --from=${world.host}/other/gone:1 /a /b`,
      }),
    );
    expect(await problems(workspace)).toEqual([
      `docker/web/Dockerfile.j2:3: the image ${world.host}/other/gone:1 does not exist; correct its name or tag; for a private image, log in to its registry before this step`,
    ]);
  });

  it('that is not there for the platform is an error on its line', async () => {
    await world.publish('library/mainframe', '1', 'x', 's390x');
    const workspace = await world.commit(
      'six',
      files('six', { 'docker/web/Dockerfile.j2': `FROM ${world.host}/library/mainframe:1` }),
    );
    expect(await problems(workspace)).toEqual([
      `docker/web/Dockerfile.j2:1: ${world.host}/library/mainframe:1 is not published for linux/amd64; it is for linux/s390x; change 'platforms', or take another image`,
    ]);
  });

  it('that is in a registry which can not be reached is an error on its line', async () => {
    const workspace = await world.commit(
      'seven',
      files('seven', { 'docker/web/Dockerfile.j2': 'FROM 127.0.0.1:1/gone:1' }),
    );
    expect(await problems(workspace)).toEqual([
      expect.stringMatching(/^docker\/web\/Dockerfile\.j2:1: .*127\.0\.0\.1:1/),
    ]);
  });
});

describe('sources', () => {
  it('land in the context, and are upstreams', async () => {
    const app = await world.commit('app', { 'server.py': 'print()' });
    const workspace = await world.commit('eight', {
      'docker/web/Dockerfile.j2': `${fromDebian()}{{ copy_sources("app", "/srv") }}`,
      'images.yaml': `registry: ${world.host}\nnamespace: eight\nimages: { web: { sources: { app: { repository: acme/app, path: src/app } } } }`,
    });
    const web = imageNamed(await world.render(workspace), 'web');
    expect(readFileSync(web.dockerfile, 'utf8')).toContain('COPY src/app /srv');
    expect(readFileSync(join(web.context, 'src/app/server.py'), 'utf8')).toBe('print()');
    const commit = await world.git(app, 'rev-parse', 'HEAD');
    expect(web.upstreams[1]).toEqual({ kind: 'source', repository: 'acme/app', ref: 'main', commit });
  });

  it('that are not declared can not be copied', async () => {
    const workspace = await world.commit(
      'nine',
      files('nine', { 'docker/web/Dockerfile.j2': 'FROM scratch\n{{ copy_sources("app", "/srv") }}' }),
    );
    expect(await problems(workspace)).toEqual([
      expect.stringMatching(
        /^docker\/web\/Dockerfile\.j2:2:\d+: image 'web' has no source 'app'; add it under 'sources'/,
      ),
    ]);
  });
});

describe('everything that is wrong', () => {
  it('in any template is said in one run', async () => {
    const workspace = await world.commit(
      'ten',
      files('ten', {
        'docker/a/Dockerfile.j2': 'FROM {{ nothing }}',
        'docker/a/x.conf.j2': '{{ nowhere }}',
        'docker/b/Dockerfile.j2': 'FROM {% if %}',
        'docker/c/Dockerfile.j2': 'FROM scratch\nCOPY --from=Not:Legal /a /b',
      }),
    );
    expect((await problems(workspace)).map((line) => line.split(' ')[0])).toEqual([
      'docker/a/Dockerfile.j2:1:9:',
      'docker/a/x.conf.j2:1:4:',
      expect.stringMatching(/^docker\/b\/Dockerfile\.j2:1:\d+:$/),
      'docker/c/Dockerfile.j2:2:',
    ]);
  });

  it('with links and files of the context is said with their path', async () => {
    const workspace = await world.commit(
      'eleven',
      files('eleven', {
        'docker/web/Dockerfile.j2': 'FROM scratch',
        'docker/web/conf': 'a',
        'docker/web/conf.j2': 'b',
        'docker/web/.git-not/x': 'a',
      }),
    );
    mkdirSync(join(workspace, 'docker/web/sub'));
    symlinkSync('../../../secret', join(workspace, 'docker/web/sub/out'));
    expect((await problems(workspace)).map((line) => line.split(': ')[0])).toEqual([
      'docker/web/sub/out',
      'docker/web/conf.j2',
    ]);
  });

  it('begins with images.yaml', async () => {
    const workspace = await world.commit('twelve', { 'README.md': '' });
    expect(await problems(workspace)).toEqual([expect.stringMatching(/^images\.yaml: .*no such file; check out/)]);
  });
});

describe('the context of the whole repository', () => {
  it('holds no .git, and modes that git knows', async () => {
    const workspace = await world.commit('thirteen', {
      'docker/web/Dockerfile.j2': 'FROM scratch',
      'docker/web/a.conf.j2': 'x',
      'other.j2': '{{ left as it is }}',
      'images.yaml': `registry: ${world.host}\nnamespace: thirteen\nimages: { web: { context: . } }`,
    });
    const web = imageNamed(await world.render(workspace), 'web');
    expect(readdirSync(web.context).sort()).toEqual(['docker', 'images.yaml', 'other.j2']);
    expect(readdirSync(join(web.context, 'docker/web'))).toEqual(['a.conf']);
    expect(readFileSync(join(web.context, 'other.j2'), 'utf8')).toBe('{{ left as it is }}');
    expect(lstatSync(join(web.context, 'other.j2')).mode & 0o777).toBe(0o644);
    expect(Object.keys(web.material.input.objects)).toEqual(['.']);
  });
});
