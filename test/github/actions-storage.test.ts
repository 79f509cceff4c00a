import { describe, expect, it } from '@jest/globals';
import {
  createGitHub,
  createPace,
  deleteStoredItem,
  type GitHub,
  listStoredItems,
  readBranches,
} from '../../src/github/index.ts';
import { commit, git, repositoryWith, type Scene, scene } from '../local-github/support.ts';

const repository = 'acme/web';

function clientOf({ github }: Scene): GitHub {
  const { apiUrl, graphqlUrl, token } = github;
  return createGitHub({ token, apiUrl, graphqlUrl, secondMs: 1, pace: createPace() });
}

describe('artifacts and caches', () => {
  it('are listed page by page', async () => {
    const stage = await scene();
    await repositoryWith(stage, 'web', { 'images.yaml': '' });
    const createdAt = '2026-11-01T00:00:00Z';
    for (let id = 1; id <= 120; id += 1)
      stage.github.artifacts.push({ id, repository, name: `a${id}`, branch: 'main', createdAt, size: 1 });
    stage.github.caches.push({ id: 1, repository, key: 'k', ref: 'refs/pull/1/merge', accessedAt: createdAt, size: 7 });
    const items = await listStoredItems(clientOf(stage), repository);
    expect(items).toHaveLength(121);
    expect(items[0]).toEqual({
      kind: 'artifact',
      id: 1,
      name: 'a1',
      ref: 'refs/heads/main',
      usedAt: createdAt,
      size: 1,
    });
    expect(items[120]).toEqual({
      kind: 'cache',
      id: 1,
      name: 'k',
      ref: 'refs/pull/1/merge',
      usedAt: createdAt,
      size: 7,
    });
    expect(stage.github.violations).toEqual([]);
  });

  it('of a fork name no branch of this repository', async () => {
    const stage = await scene();
    await repositoryWith(stage, 'web', { 'images.yaml': '' });
    const createdAt = '2026-11-01T00:00:00Z';
    stage.github.artifacts.push({ id: 1, repository, name: 'a', branch: 'main', fork: true, createdAt, size: 1 });
    expect((await listStoredItems(clientOf(stage), repository))[0]?.ref).toBeUndefined();
  });

  it('are deleted, and say why they are not', async () => {
    const stage = await scene();
    await repositoryWith(stage, 'web', { 'images.yaml': '' });
    stage.github.caches.push({
      id: 5,
      repository,
      key: 'k',
      ref: 'refs/heads/x',
      accessedAt: '2026-11-01T00:00:00Z',
      size: 7,
    });
    const github = clientOf(stage);
    const [cache] = await listStoredItems(github, repository);
    if (cache === undefined) throw new Error('there is no cache');
    stage.github.faults.add({ path: /caches/, status: 403, body: { message: 'Resource not accessible' } });
    expect(await deleteStoredItem(github, repository, cache)).toBe('Resource not accessible (status 403)');
    expect(await deleteStoredItem(github, repository, cache)).toBeUndefined();
    expect(stage.github.caches).toEqual([]);
    expect(stage.github.violations).toEqual([]);
  });

  it('stand on branches and open pull requests', async () => {
    const stage = await scene();
    const { work } = await repositoryWith(stage, 'web', { 'images.yaml': '' });
    await git(work, ['checkout', '--quiet', '-b', 'feature/one']);
    await commit(work, { more: '' });
    await git(work, ['push', '--quiet', 'origin', 'feature/one'], stage.github.token);
    await stage.github.openPullRequest({ repository: 'web', head: 'feature/one', base: 'main' });
    expect(await readBranches(clientOf(stage), repository)).toEqual({
      defaultBranch: 'main',
      branches: new Set(['main', 'feature/one']),
      openPullRequests: new Set(['1']),
    });
    expect(stage.github.violations).toEqual([]);
  });
});
