import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { putMinimalImage } from '../../local/registry/minimal-image.ts';
import { type RegistryStandIn, type StandInOptions, startRegistryStandIn } from '../../local/registry/stand-in.ts';
import { createGitHub, createPace } from '../../src/github/index.ts';
import { labels, publicationTag } from '../../src/images/index.ts';
import { publicationAnnotations, publicationArtifactType } from '../../src/images/publication.ts';
import { annotatedIndex, createRegistry } from '../../src/registry/index.ts';
import {
  createStores,
  hold,
  type Rotation,
  type RotationRequest,
  readDeletionRecord,
  restore,
  rotate,
  type StoreKind,
  targetOf,
} from '../../src/rotate/index.ts';
import { type Scene, scene } from '../local-github/support.ts';
import { imageRepository } from './config.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const now = new Date('2026-11-23T12:00:00Z');
const registry = createRegistry({ retries: 0 });

interface World {
  readonly server: RegistryStandIn;
  readonly stage: Scene;
  readonly repository: string;
  readonly recordFile: string;
  /** Publishes a build of acme/web under a tag, as the pipeline does. */
  publish(tag: string, branch: string, publishedAt: string): Promise<string>;
  rotate(change?: Partial<RotationRequest>): Promise<Rotation>;
  tags(): string[];
}

async function world(kind: StoreKind, options: StandInOptions = {}): Promise<World> {
  const server = await startRegistryStandIn({ deletion: kind === 'registry', ...options });
  const stage = await scene();
  stage.github.packages.connect(server.store);
  const folder = mkdtempSync(join(tmpdir(), 'rotate-'));
  endings.push(server.stop, () => rmSync(folder, { recursive: true }));
  const { apiUrl, graphqlUrl, token } = stage.github;
  const github = createGitHub({ token, apiUrl, graphqlUrl, secondMs: 1, pace: createPace() });
  const repository = `${server.host}/acme/web`;
  const recordFile = join(folder, 'rotation.json');
  const own = imageRepository(server.host, ['web']);
  return {
    server,
    stage,
    repository,
    recordFile,
    async publish(tag, branch, publishedAt) {
      const at = new Date(publishedAt);
      const own = { [labels.class]: branch === 'main' ? 'default' : 'branch', [labels.branch]: branch };
      const digest = await putMinimalImage(server.host, 'acme/web', tag, {
        labels: { ...own, [labels.version]: tag, [labels.created]: '2026-01-01T00:00:00Z', number: publishedAt },
      });
      const head = await registry.head(repository, digest);
      if (head === undefined) throw new Error('the image is not there');
      const record = publicationAnnotations({
        publishedAt: at,
        class: branch === 'main' ? 'default' : 'branch',
        branch,
        tags: [tag],
        upstreams: [],
        run: '',
      });
      await registry.putManifest(
        repository,
        publicationTag(at, digest),
        annotatedIndex(head, publicationArtifactType, record),
      );
      if (kind === 'packages') stage.github.packages.edit('acme/web', digest, { updatedAt: publishedAt });
      return digest;
    },
    rotate: (change = {}) =>
      rotate(
        {
          own,
          fleet: [],
          scope: 'repository',
          images: [],
          dryRun: false,
          maxShare: 0.8,
          deadline: now.getTime() + 60_000,
          artifacts: [],
          caches: [],
          recordFile,
          run: 'https://github.com/acme/images/actions/runs/7',
          ...change,
        },
        {
          github,
          registry,
          store: createStores({ github, registry, kind }),
          onRecord: () => {},
          now: () => now.getTime(),
          signal: new AbortController().signal,
          log: () => {},
        },
      ),
    tags: () =>
      (server.store.tags('acme/web') ?? []).filter((tag) => !tag.startsWith('p-') && tag !== 'rotation-pending'),
  };
}

const kinds = ['registry', 'packages'] as const;

describe.each(kinds)('a rotation, store: %s', (kind) => {
  it('deletes old builds of branches, and leaves young ones and those of the default branch', async () => {
    const { publish, rotate: run, tags, server } = await world(kind);
    await publish('latest', 'main', '2026-06-01T00:00:00Z');
    await publish('old', 'old', '2026-11-01T00:00:00Z');
    await publish('young', 'young', '2026-11-20T00:00:00Z');
    const { deletions, problems, plan } = await run();
    expect(problems).toEqual([]);
    expect(tags()).toEqual(['latest', 'young']);
    expect(server.store.manifests('acme/web')).toHaveLength(4);
    expect(deletions.map(({ status }) => status)).toEqual(['deleted', 'deleted']);
    expect(plan.repositories[0]?.bytesFreed).toBeGreaterThan(0);
    // A second run has nothing to do.
    expect((await run()).deletions).toEqual([]);
  });

  it('leaves what is held, and says who holds it and why', async () => {
    const { publish, rotate: run, tags, server } = await world(kind);
    await publish('latest', 'main', '2026-11-20T00:00:00Z');
    const digest = await publish('old', 'old', '2026-11-01T00:00:00Z');
    const config = imageRepository(server.host, ['web']).config;
    await hold(registry, targetOf('web:old', config, 'main'), {
      name: 'audit',
      until: undefined,
      reason: 'the audit',
      by: 'octocat',
      run: 'https://github.com/acme/images/actions/runs/1',
      now,
    });
    const { plan } = await run();
    expect(tags()).toEqual(['hold-audit', 'latest', 'old']);
    expect(plan.repositories[0]?.holds).toMatchObject([
      { tag: 'hold-audit', digest, active: true, by: 'octocat', reason: 'the audit' },
    ]);
    expect(plan.repositories[0]?.classes.find((one) => one.class === 'branch')).toMatchObject({ held: 1, deleted: 0 });
  });

  it('deletes nothing when it is dry, and writes down what would go', async () => {
    const { publish, rotate: run, tags, recordFile } = await world(kind);
    await publish('latest', 'main', '2026-11-20T00:00:00Z');
    await publish('old', 'old', '2026-11-01T00:00:00Z');
    await run({ dryRun: true });
    expect(tags()).toEqual(['latest', 'old']);
    const record = readDeletionRecord(recordFile);
    expect(record).toMatchObject({ dryRun: true, run: 'https://github.com/acme/images/actions/runs/7' });
    expect(record.deletions.map(({ tags: [tag], status }) => `${tag} ${status}`)).toContain('old planned');
  });

  it('refuses a plan that nobody can have meant', async () => {
    const { publish, rotate: run, tags } = await world(kind);
    await publish('latest', 'main', '2026-11-20T00:00:00Z');
    for (const day of ['01', '02', '03', '04']) await publish(`old${day}`, `old${day}`, `2026-11-${day}T00:00:00Z`);
    const { problems, refused } = await run({ maxShare: 0.5 });
    expect(tags()).toHaveLength(5);
    expect(refused).toHaveLength(1);
    expect(problems[0]?.message).toMatch(/would delete 8 of the 10 manifests .* max-share allows 50 %/);
  });

  it('stops at its time, and goes on the next time', async () => {
    const { publish, rotate: run, tags } = await world(kind);
    await publish('latest', 'main', '2026-11-20T00:00:00Z');
    await publish('old', 'old', '2026-11-01T00:00:00Z');
    const { stopped } = await run({ deadline: now.getTime() });
    expect(stopped).toBe('its time is up');
    expect(tags()).toEqual(['latest', 'old']);
    expect((await run()).stopped).toBeUndefined();
    expect(tags()).toEqual(['latest']);
  });
});

describe('a rotation of a registry alone', () => {
  it('says where deletion is switched off', async () => {
    const { publish, rotate: run } = await world('registry', { deletion: false });
    await publish('latest', 'main', '2026-11-20T00:00:00Z');
    await publish('old', 'old', '2026-11-01T00:00:00Z');
    const { problems, stopped } = await run();
    expect(problems).toMatchObject([
      {
        message: expect.stringMatching(/cannot delete .*acme\/web@sha256:/),
        hint: expect.stringContaining('its administrator has to allow it'),
      },
    ]);
    expect(stopped).toContain('cannot delete');
  });

  it('deletes nothing when the listing breaks off', async () => {
    const { publish, rotate: run, tags, server } = await world('registry');
    await publish('latest', 'main', '2026-11-20T00:00:00Z');
    await publish('old', 'old', '2026-11-01T00:00:00Z');
    server.faults.add({ path: /manifests\/latest/, times: 9, does: { status: 500 } });
    await expect(run()).rejects.toThrow();
    expect(tags()).toEqual(['latest', 'old']);
  });
});

describe('a rotation of GHCR', () => {
  it('reports what GitHub does not delete, keeps what belongs to it, and does the rest', async () => {
    const { publish, rotate: run, tags, stage } = await world('packages');
    await publish('latest', 'main', '2026-11-20T00:00:00Z');
    const popular = await publish('popular', 'popular', '2026-11-01T00:00:00Z');
    await publish('old', 'old', '2026-11-02T00:00:00Z');
    stage.github.packages.edit('acme/web', popular, { downloads: 5001 });
    const { deletions, problems, plan } = await run();
    expect(tags()).toEqual(['latest', 'popular']);
    expect(problems).toEqual([]);
    expect(deletions.find(({ digest }) => digest === popular)).toMatchObject({
      status: 'refused',
      problem: expect.stringContaining('more than 5000 downloads'),
    });
    expect(plan.repositories[0]?.classes.find((one) => one.class === 'branch')).toMatchObject({ kept: 1, deleted: 1 });
    expect(stage.github.violations).toEqual([]);
  });

  it('restores what went, with its tags, last deleted first', async () => {
    const { publish, rotate: run, tags, stage, server, recordFile } = await world('packages');
    await publish('latest', 'main', '2026-11-20T00:00:00Z');
    const old = await publish('old', 'old', '2026-11-01T00:00:00Z');
    await run();
    expect(tags()).toEqual(['latest']);
    // A restored version has the tags that it had, or none: here one was taken meanwhile.
    const { apiUrl, graphqlUrl, token } = stage.github;
    const github = createGitHub({ token, apiUrl, graphqlUrl, secondMs: 1, pace: createPace() });
    const builds = { own: imageRepository(server.host, ['web']), texts: ['web'] };
    const restorations = await restore(readDeletionRecord(recordFile), { github, registry, builds, log: () => {} });
    expect(restorations.map(({ status }) => status)).toEqual(['restored', 'restored']);
    expect(restorations[0]?.deletion.digest).toBe(old);
    expect(tags()).toEqual(['latest', 'old']);
    expect((await registry.head(`${server.host}/acme/web`, 'old'))?.digest).toBe(old);
    expect(stage.github.violations).toEqual([]);
  });

  it('does not move a tag that another build took meanwhile', async () => {
    const { publish, rotate: run, stage, server, recordFile } = await world('packages');
    await publish('latest', 'main', '2026-11-20T00:00:00Z');
    await publish('old', 'old', '2026-11-01T00:00:00Z');
    await run();
    const taken = await publish('old', 'old', '2026-11-22T00:00:00Z');
    const { apiUrl, graphqlUrl, token } = stage.github;
    const github = createGitHub({ token, apiUrl, graphqlUrl, secondMs: 1, pace: createPace() });
    const restorations = await restore(readDeletionRecord(recordFile), {
      github,
      registry,
      builds: { own: undefined, texts: [] },
      log: () => {},
    });
    expect(restorations.flatMap(({ problem }) => problem ?? [])).toEqual([
      'old meanwhile points at another build, and stays there',
    ]);
    expect((await registry.head(`${server.host}/acme/web`, 'old'))?.digest).toBe(taken);
  });

  it('deletes artifacts and caches of branches that are gone', async () => {
    const { publish, rotate: run, stage } = await world('packages');
    await publish('latest', 'main', '2026-11-20T00:00:00Z');
    await stage.github.createRepository('images');
    stage.github.caches.push(
      {
        id: 1,
        repository: 'acme/images',
        key: 'a',
        ref: 'refs/heads/gone',
        accessedAt: '2026-11-22T00:00:00Z',
        size: 5,
      },
      { id: 2, repository: 'acme/images', key: 'b', ref: 'refs/tags/v1', accessedAt: '2026-01-01T00:00:00Z', size: 5 },
    );
    const { leftovers, problems } = await run({ artifacts: ['*'], caches: ['*'] });
    expect(problems).toEqual([]);
    expect(leftovers).toMatchObject([{ id: 1, status: 'deleted', reason: 'branch gone is gone' }]);
    expect(stage.github.caches.map(({ id }) => id)).toEqual([2]);
    expect(stage.github.violations).toEqual([]);
  });

  it('waits for limits and goes on after server errors', async () => {
    const { publish, rotate: run, tags, stage } = await world('packages');
    await publish('latest', 'main', '2026-11-20T00:00:00Z');
    await publish('old', 'old', '2026-11-01T00:00:00Z');
    const limited = { message: 'You have exceeded a secondary rate limit' };
    stage.github.faults.add({ path: /versions$/, status: 502 });
    stage.github.faults.add({ path: /versions\/\d+$/, status: 403, headers: { 'retry-after': '2' }, body: limited });
    stage.github.faults.add({ path: /versions\/\d+$/, status: 500, afterwards: true });
    const { problems } = await run();
    expect(problems).toEqual([]);
    expect(tags()).toEqual(['latest']);
    expect(stage.github.faults.left()).toBe(0);
  });

  it('ends where a limit does not pass, and goes on the next time', async () => {
    const { publish, rotate: run, tags, stage } = await world('packages');
    await publish('latest', 'main', '2026-11-20T00:00:00Z');
    await publish('old', 'old', '2026-11-01T00:00:00Z');
    const body = { message: 'You have exceeded a secondary rate limit' };
    stage.github.faults.add({ path: /versions\/\d+$/, status: 403, body, times: 9 });
    const { stopped, problems } = await run();
    expect(stopped).toMatch(/the store takes no more for now/);
    expect(problems).toEqual([]);
    expect(tags()).toEqual(['latest', 'old']);
    stage.github.faults.clear();
    await run();
    expect(tags()).toEqual(['latest']);
  });
});
