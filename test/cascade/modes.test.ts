/** What each mode does, on the shop. */
import { describe, expect, it } from '@jest/globals';
import { putMinimalImage } from '../../local/registry/minimal-image.ts';
import type { Look } from '../../src/cascade/index.ts';
import { defaultPolicy } from '../../src/fleet/index.ts';
import { parseFleet } from '../../src/github/index.ts';
import { commit, git } from '../local-github/support.ts';
import { settledShop, shop, type World, worldOf } from './world.ts';

const hour = 3_600_000;
const statesOf = ({ plan }: Look) => Object.fromEntries(plan.images.map(({ name, state }) => [name, state]));
const sentTo = ({ dispatched }: Look) => dispatched.map(({ repository, images }) => [repository, ...images]);
const reasonOf = ({ plan }: Look, name: string) => plan.images.find((image) => image.name === name)?.reason;

/** Runs of a repository's workflow at its present head: hours before now, and how each ended. */
function record({ github, head }: World, repository: string, runs: readonly (readonly [number, string])[]): void {
  for (const [at, [hoursAgo, conclusion]] of runs.entries()) {
    const time = new Date(Date.now() - hoursAgo * hour).toISOString();
    github.recordRun({
      id: 100 + at,
      repository: `acme/${repository}`,
      name: 'images',
      path: '.github/workflows/images.yml',
      event: 'repository_dispatch',
      headBranch: 'main',
      headSha: head(repository),
      status: conclusion === 'running' ? 'in_progress' : 'completed',
      conclusion: conclusion === 'failure' || conclusion === 'success' ? conclusion : null,
      createdAt: time,
      updatedAt: time,
    });
  }
}

/** The shop, in which nginx has to be built. */
async function staleNginx(): Promise<World> {
  const world = await settledShop();
  await world.commit('runtime-images', { 'docker/nginx/new': '' });
  return world;
}

describe('reconcile', () => {
  it.each<[string, [number, string][], boolean]>([
    ['tries what failed once at once', [[0.01, 'failure']], true],
    [
      'waits an hour after two failures',
      [
        [0.6, 'failure'],
        [0.5, 'failure'],
      ],
      false,
    ],
    [
      'tries again when that hour is over',
      [
        [2, 'failure'],
        [1.1, 'failure'],
      ],
      true,
    ],
    [
      'waits two hours after three failures',
      [
        [5, 'failure'],
        [4, 'failure'],
        [1.5, 'failure'],
      ],
      false,
    ],
    [
      'forgets failures before a success',
      [
        [3, 'failure'],
        [2, 'failure'],
        [1, 'failure'],
        [0.5, 'success'],
      ],
      true,
    ],
    ['leaves alone what is running', [[0.1, 'running']], false],
  ])('%s', async (_, runs, dispatched) => {
    const world = await staleNginx();
    record(world, 'runtime-images', runs);
    const found = await world.look();
    expect(sentTo(found)).toEqual(dispatched ? [['acme/runtime-images', 'nginx']] : []);
    expect(world.github.violations).toEqual([]);
  });

  it('lets what is built on a failing image go on with the last good one after a day', async () => {
    const world = await staleNginx();
    await world.commit('shop-front', { 'docker/shop-front/new': '' });
    record(world, 'runtime-images', [
      [20, 'failure'],
      [1, 'failure'],
      [0.2, 'failure'],
    ]);
    const before = await world.look();
    expect(statesOf(before)).toMatchObject({ nginx: 'blocked', 'shop-front': 'blocked' });
    expect(sentTo(before)).toEqual([]);

    record(world, 'runtime-images', [
      [25, 'failure'],
      [1, 'failure'],
      [0.2, 'failure'],
    ]);
    const after = await world.look();
    expect(statesOf(after)).toMatchObject({ nginx: 'blocked', 'shop-front': 'ready' });
    expect(reasonOf(after, 'shop-front')).toMatch(/on the last good nginx, which has failed for 25 h/);
    expect(sentTo(after)).toEqual([['acme/shop-front', 'shop-front']]);

    const patient = await world.look({ policy: { ...defaultPolicy, maxHold: 48 * hour } });
    expect(sentTo(patient)).toEqual([]);
  });

  it('says that it can not wait for failures with a token that may not see runs', async () => {
    const world = await staleNginx();
    world.github.faults.add({ path: /\/actions\/workflows\/images\.yml\/runs$/, status: 403, body: { message: 'No' } });
    const found = await world.look();
    expect(sentTo(found)).toEqual([['acme/runtime-images', 'nginx']]);
    expect(found.warnings).toContainEqual(expect.objectContaining({ hint: expect.stringContaining('actions: read') }));
  });

  it('says which of its own files changed, and from what to what an upstream did', async () => {
    const world = await staleNginx();
    await putMinimalImage(world.host, 'library/debian', 'bookworm', { labels: { version: '1' } });
    const found = await world.look();
    expect(reasonOf(found, 'debian-base')).toMatch(
      /^upstream \S*library\/debian:bookworm changed sha256:[0-9a-f]{12}… → sha256:[0-9a-f]{12}…$/,
    );
    await world.publish('debian-base', 'debian-base', { keep: true });
    const next = await world.look();
    expect(reasonOf(next, 'nginx')).toBe('docker/nginx changed');
  });

  it('reports a repository that would not hear of it, and tells the others', async () => {
    const world = await staleNginx();
    await world.commit('runtime-images', { '.github/workflows/images.yml': 'on: push\n' });
    await world.commit('shop-api', { 'docker/shop-api/new': '' });
    const found = await world.look();
    expect(found.dispatched.map(({ repository, status }) => [repository, status])).toEqual([
      ['acme/runtime-images', 'failed'],
      ['acme/shop-api', 'dispatched'],
    ]);
    expect(found.errors).toMatchObject([{ message: expect.stringContaining("started by the event 'image-cascade'") }]);
  });

  it('tells no more repositories than it may, the most urgent first', async () => {
    const world = await staleNginx();
    await world.commit('shop-api', { 'docker/shop-api/new': '' });
    const found = await world.look({ maxDispatches: 1 });
    expect(found.dispatched.map(({ status }) => status)).toEqual(['dispatched', 'left']);
    expect(world.events).toHaveLength(1);
  });

  it('finds the fleet of an owner by topic', async () => {
    const world = await staleNginx();
    for (const name of ['debian-base', 'runtime-images']) await world.github.editRepository(name, { topics: ['shop'] });
    const found = await world.look({ fleet: parseFleet(['acme topic:shop']) });
    expect(statesOf(found)).toEqual({ 'debian-base': 'settled', python: 'settled', nginx: 'ready' });
  });
});

describe('before-build', () => {
  const lookBefore = (world: World, repository: string) =>
    world.look({ mode: 'before-build', ref: { ...world.ref(repository), event: 'repository_dispatch' } });

  it('holds what waits for another repository, and lets the rest be built', async () => {
    const world = await settledShop();
    await world.commit('runtime-images', { 'docker/nginx/new': '', 'docker/python/new': '' });
    await world.commit('shop-front', { 'docker/shop-front/new': '' });
    expect((await lookBefore(world, 'runtime-images')).held).toEqual([]);
    expect((await lookBefore(world, 'shop-front')).held).toMatchObject([
      { name: 'shop-front', reason: expect.stringMatching(/^waiting for nginx/) },
    ]);
    expect(world.events).toEqual([]);
  });

  it('builds what waits for an image of the same repository, which this run builds', async () => {
    const world = await worldOf({
      pair: {
        'images.yaml': 'registry: HOST\nnamespace: acme\n',
        'docker/below/Dockerfile.j2': 'FROM HOST/library/debian:bookworm\n',
        'docker/above/Dockerfile.j2': 'FROM {{ image_spec("below") }}\n',
      },
    });
    expect((await lookBefore(world, 'pair')).held).toEqual([]);
  });

  it('lets build what may go on with the last good image of a failing one', async () => {
    const world = await staleNginx();
    await world.commit('shop-front', { 'docker/shop-front/new': '' });
    record(world, 'runtime-images', [[0.5, 'failure']]);
    expect((await lookBefore(world, 'shop-front')).held).toMatchObject([{ name: 'shop-front', state: 'blocked' }]);
    record(world, 'runtime-images', [[30, 'failure']]);
    expect((await lookBefore(world, 'shop-front')).held).toEqual([]);
  });
});

describe('preview', () => {
  /** A pull request's commit, which is on no branch that counts. */
  async function propose(world: World, repository: string, files: Record<string, string>): Promise<string> {
    const work = world.tree(repository);
    await git(work, ['checkout', '--quiet', '-b', 'proposal']);
    const sha = await commit(work, files);
    await git(work, ['push', '--quiet', 'origin', 'proposal'], world.github.token);
    await git(work, ['checkout', '--quiet', 'main']);
    world.events.length = 0;
    return sha;
  }

  const previewOf = (world: World, repository: string, revision: string, baseBranch = 'main') =>
    world.look({
      mode: 'preview',
      baseBranch,
      ref: {
        ...world.ref(repository),
        type: 'pull-request',
        event: 'pull_request',
        name: 'proposal',
        isDefaultBranch: false,
        revision,
      },
    });

  it('says what merging would rebuild, where, how deep and for how long, and sends nothing', async () => {
    const world = await settledShop();
    const sha = await propose(world, 'runtime-images', { 'docker/python/new': '' });
    for (const name of ['runtime-images', 'shop-api']) {
      const path = '.github/workflows/images.yml';
      const run = {
        id: name.length,
        repository: `acme/${name}`,
        name: 'images',
        path,
        event: 'push',
        headBranch: 'main',
        headSha: world.head(name),
      };
      const times = { createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:01:40Z' };
      world.github.recordRun({ ...run, status: 'completed', conclusion: 'success', ...times });
    }
    const found = await previewOf(world, 'runtime-images', sha);
    expect(found.preview).toEqual({ images: 3, repositories: 3, levels: 3, seconds: 300 });
    expect(statesOf(found)).toMatchObject({ python: 'ready', 'shop-api': 'waiting', 'shop-front': 'waiting' });
    expect(statesOf(found)).not.toMatchObject({ nginx: 'ready' });
    expect(reasonOf(found, 'python')).toBe('docker/python changed');
    expect(found.dispatched).toEqual([]);
    expect(world.events).toEqual([]);
    expect(world.github.requests.filter(({ method, path }) => method !== 'GET' && !path.endsWith('/graphql'))).toEqual(
      [],
    );
  });

  it('says nothing of what is stale for other reasons', async () => {
    const world = await staleNginx();
    const sha = await propose(world, 'shop-front', { 'README.md': 'Hello\n' });
    expect((await previewOf(world, 'shop-front', sha)).preview).toEqual({ images: 0, repositories: 0, levels: 0 });
  });

  it('shows an image that the pull request adds, and a new upstream', async () => {
    const world = await settledShop();
    const sha = await propose(world, 'runtime-images', {
      'docker/ruby/Dockerfile.j2': 'FROM {{ image_spec("debian-base") }}\nRUN true\n',
    });
    const found = await previewOf(world, 'runtime-images', sha);
    expect(found.preview).toMatchObject({ images: 1, levels: 1 });
    expect(statesOf(found)).toMatchObject({ ruby: 'ready' });
  });

  it('knows the images that an application repository is a source of', async () => {
    const world = await settledShop();
    const sha = await propose(world, 'shop-app', { 'main.py': 'print(2)\n' });
    const found = await previewOf(world, 'shop-app', sha);
    expect(found.preview).toMatchObject({ images: 2, repositories: 2, levels: 2 });
    expect(reasonOf(found, 'shop-api')).toBe('upstream acme/shop-app#main changed');
    expect(found.warnings).toEqual([]);
    expect((await previewOf(world, 'shop-app', sha, 'next')).preview).toMatchObject({ images: 0 });
  });
});

describe('manual', () => {
  const manual = (world: World, images: string[], more = {}) => world.look({ mode: 'manual', images, ...more });

  it('tells the repositories of the images that are named, whatever failed before', async () => {
    const world = await staleNginx();
    await world.commit('shop-api', { 'docker/shop-api/new': '' });
    record(world, 'runtime-images', [
      [0.3, 'failure'],
      [0.2, 'failure'],
      [0.1, 'failure'],
    ]);
    expect(sentTo(await manual(world, ['ngin*']))).toEqual([['acme/runtime-images', 'nginx']]);
    expect(sentTo(await manual(world, ['debian-base']))).toEqual([]);
  });

  it('says which image it does not know', async () => {
    const world = await settledShop();
    await expect(manual(world, ['ngnix'])).rejects.toThrow("has no image 'ngnix'; did you mean 'nginx'?");
  });

  it('forces images through the inputs of their workflows, one run for each repository', async () => {
    const world = await settledShop();
    const found = await manual(world, ['nginx', 'python'], { force: true });
    expect(found.errors).toEqual([]);
    expect(world.events).toMatchObject([
      { name: 'workflow_dispatch', repository: 'acme/runtime-images', payload: { inputs: { force: 'true' } } },
    ]);
    const [event] = world.events;
    expect(String(Object(event?.payload.inputs).images).split(',').sort()).toEqual(['nginx', 'python']);
    expect(world.github.violations).toEqual([]);
  });

  it('says what a workflow lacks that can not force', async () => {
    const world = await settledShop();
    await world.commit('shop-api', {
      '.github/workflows/images.yml': 'on: [repository_dispatch, workflow_dispatch]\n',
    });
    const found = await manual(world, ['shop-*'], { force: true });
    expect(found.dispatched.map(({ repository, status }) => [repository, status]).sort()).toEqual([
      ['acme/shop-api', 'failed'],
      ['acme/shop-front', 'dispatched'],
    ]);
    expect(found.errors).toMatchObject([{ message: expect.stringContaining("takes the inputs 'images' and 'force'") }]);
  });

  it('only says what it would force on a dry run', async () => {
    const world = await settledShop();
    const found = await manual(world, ['nginx'], { force: true, dryRun: true });
    expect(found.dispatched).toMatchObject([{ repository: 'acme/runtime-images', status: 'skipped' }]);
    expect(world.events).toEqual([]);
  });
});

describe('a fleet with nothing published', () => {
  it('previews all the same', async () => {
    const world = await worldOf(shop);
    const found = await world.look({
      mode: 'preview',
      ref: { ...world.ref('debian-base'), type: 'pull-request', event: 'pull_request' },
    });
    expect(found.preview).toMatchObject({ images: 0 });
  });
});
