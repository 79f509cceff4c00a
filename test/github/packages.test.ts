import { afterEach, describe, expect, it } from '@jest/globals';
import { putMinimalImage } from '../../local/registry/minimal-image.ts';
import { type RegistryStandIn, startRegistryStandIn } from '../../local/registry/stand-in.ts';
import {
  createGitHub,
  createPace,
  deleteVersion,
  type GitHub,
  type PackageVersion,
  packageOf,
  packageVersions,
  restoreVersion,
} from '../../src/github/index.ts';
import { type Scene, scene } from '../local-github/support.ts';

const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

/** GHCR with one package, `acme/shop/web`, of as many versions as there are tags. */
async function ghcr(tags: readonly (string | undefined)[], repository = 'acme/shop/web'): Promise<Scene> {
  const stage = await scene();
  const registry: RegistryStandIn = await startRegistryStandIn({ deletion: false });
  endings.push(registry.stop);
  stage.github.packages.connect(registry.store);
  if (!repository.startsWith('acme/')) await stage.github.createRepository(`${repository.split('/')[0]}/code`);
  for (const [index, tag] of tags.entries())
    await putMinimalImage(registry.host, repository, tag, { labels: { number: String(index) } });
  return stage;
}

function clientOf({ github }: Scene, log: (line: string) => void = () => {}): GitHub {
  const { apiUrl, graphqlUrl, token } = github;
  return createGitHub({ token, apiUrl, graphqlUrl, log, secondMs: 1, pace: createPace() });
}

async function listed(github: GitHub, path = 'acme/shop/web'): Promise<PackageVersion[]> {
  const versions: PackageVersion[] = [];
  for await (const version of packageVersions(github, await packageOf(github, path))) versions.push(version);
  return versions;
}

describe('packages of GHCR', () => {
  it('lists the versions of an organization, 100 a page', async () => {
    const stage = await ghcr(Array.from({ length: 230 }, (_, index) => `v${index}`));
    const versions = await listed(clientOf(stage));
    expect(new Set(versions.flatMap(({ tags }) => tags)).size).toBe(230);
    expect(versions[0]?.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(stage.github.requests.map(({ operation }) => operation?.split('/').at(-1))).toEqual([
      '{username}',
      'versions',
      'versions',
      'versions',
    ]);
    expect(stage.github.violations).toEqual([]);
  });

  it('lists, deletes and restores the versions of a user', async () => {
    const stage = await ghcr(['a', 'b'], 'somebody/web');
    const github = clientOf(stage);
    const versions = await listed(github, 'somebody/web');
    expect(versions.map(({ tags }) => tags)).toEqual([['b'], ['a']]);
    const pack = await packageOf(github, 'somebody/web');
    expect(await deleteVersion(github, pack, versions[1]?.id ?? 0)).toEqual({ status: 'done' });
    expect(await restoreVersion(github, pack, versions[1]?.id ?? 0)).toEqual({ status: 'done' });
    expect(stage.github.violations).toEqual([]);
  });

  it('lists nothing of a package that nobody has made', async () => {
    expect(await listed(clientOf(await ghcr([])))).toEqual([]);
  });

  it('deletes a version and restores it with its tags', async () => {
    const stage = await ghcr(['old', 'new']);
    const github = clientOf(stage);
    const pack = await packageOf(github, 'acme/shop/web');
    const old = (await listed(github)).find(({ tags }) => tags.includes('old'));
    expect(await deleteVersion(github, pack, old?.id ?? 0)).toEqual({ status: 'done' });
    expect((await listed(github)).map(({ tags }) => tags)).toEqual([['new']]);
    expect(await deleteVersion(github, pack, old?.id ?? 0)).toEqual({ status: 'gone' });
    expect(await restoreVersion(github, pack, old?.id ?? 0)).toEqual({ status: 'done' });
    expect((await listed(github)).map(({ digest }) => digest)).toContain(old?.digest);
    expect(stage.github.violations).toEqual([]);
  });

  it('says what GitHub does not delete', async () => {
    const stage = await ghcr(['popular', 'new']);
    const github = clientOf(stage);
    const pack = await packageOf(github, 'acme/shop/web');
    const popular = (await listed(github)).find(({ tags }) => tags.includes('popular'));
    stage.github.packages.edit('acme/shop/web', popular?.digest ?? '', { downloads: 5001 });
    expect(await deleteVersion(github, pack, popular?.id ?? 0)).toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('more than 5000 downloads'),
    });
  });

  it.each([
    ['a server error', { status: 502 }],
    ['a cut connection', { reset: true }],
    ['an answer that got lost', { status: 502, afterwards: true }],
    [
      'too many requests',
      { status: 403, headers: { 'retry-after': '3' }, body: { message: 'You have exceeded a secondary rate limit' } },
    ],
  ])('deletes after %s all the same', async (_, fault) => {
    const stage = await ghcr(['old', 'new']);
    const github = clientOf(stage);
    const pack = await packageOf(github, 'acme/shop/web');
    const old = (await listed(github)).find(({ tags }) => tags.includes('old'));
    stage.github.faults.add({ path: /versions\/\d+$/, method: 'DELETE', ...fault });
    const { status } = await deleteVersion(github, pack, old?.id ?? 0);
    expect(['done', 'gone']).toContain(status);
    expect((await listed(github)).map(({ tags }) => tags)).toEqual([['new']]);
  });

  it('gives up a limit that does not pass, and a server that stays broken', async () => {
    const stage = await ghcr(['old', 'new']);
    const github = clientOf(stage);
    const pack = await packageOf(github, 'acme/shop/web');
    const body = { message: 'You have exceeded a secondary rate limit' };
    stage.github.faults.add({ path: /versions\/\d+$/, status: 403, body, times: 9 });
    expect(await deleteVersion(github, pack, 1)).toMatchObject({ status: 'limited' });
    stage.github.faults.clear();
    stage.github.faults.add({ path: /versions\/\d+$/, status: 503, body: { message: 'Down' }, times: 9 });
    expect(await deleteVersion(github, pack, 1)).toMatchObject({ status: 'failed' });
  });

  it('says what a token lacks', async () => {
    const stage = await ghcr(['old', 'new']);
    await stage.github.createRepository('code');
    const token = stage.github.createJobToken('acme/code', { packages: 'read' });
    const github = createGitHub({ token, apiUrl: stage.github.apiUrl, secondMs: 1, pace: createPace() });
    const pack = await packageOf(github, 'acme/shop/web');
    expect(await deleteVersion(github, pack, 1)).toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('packages: write'),
    });
  });

  it('names an owner that does not exist', async () => {
    await expect(packageOf(clientOf(await ghcr([])), 'nobody/web')).rejects.toThrow(
      "GitHub does not show the owner nobody: Not Found (status 404); check its spelling in 'images.yaml'",
    );
  });
});
