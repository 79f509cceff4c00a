import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pack } from 'tar-stream';
import { putMinimalImage } from '../../local/registry/minimal-image.ts';
import { type RegistryStandIn, startRegistryStandIn } from '../../local/registry/stand-in.ts';
import { readPublication } from '../../src/images/publication.ts';
import type { EngineImage, RenderedImage, RenderRecord } from '../../src/images/records.ts';
import { type EngineStore, type Publisher, publish } from '../../src/publish/index.ts';
import { createRegistry } from '../../src/registry/index.ts';
import { builtRecord, image, renderRecord, runRef, testRecord } from '../records.ts';

let main: RegistryStandIn;
let other: RegistryStandIn;
beforeEach(async () => {
  main = await startRegistryStandIn();
  other = await startRegistryStandIn();
});
afterEach(async () => {
  await main.stop();
  await other.stop();
});

/** An engine whose images consist of one file with the given content; a build has its number in a label. */
function engine(content: string, build = '1'): { store: EngineStore; pushes: string[] } {
  const pushes: string[] = [];
  const labels = { content, 'io.image-cascade.run': build };
  return {
    pushes,
    store: {
      id: async () => idOf(labels),
      config: async () => ({ os: 'linux', architecture: 'amd64', config: {} }),
      withFileSystem: async (_image, _platform, use) => {
        const archive = pack();
        archive.entry({ name: 'content' }, content);
        archive.finalize();
        return use(Readable.from(archive));
      },
      async push(_image, repository) {
        pushes.push(repository);
        return putMinimalImage(main.host, repository.slice(main.host.length + 1), undefined, { labels });
      },
    },
  };
}

/** The config digest of the minimal image with these labels: what an engine with the classic store calls its id. */
function idOf(labels: Readonly<Record<string, string>>): string {
  const config = {
    os: 'linux',
    architecture: 'amd64',
    config: { Labels: labels },
    rootfs: { type: 'layers', diff_ids: [] },
  };
  return `sha256:${createHash('sha256').update(JSON.stringify(config)).digest('hex')}`;
}

function world(store: EngineStore, changes: Partial<Publisher> = {}): Publisher {
  return {
    registry: createRegistry({ retries: 0 }),
    store: async () => store,
    superseded: async () => undefined,
    now: () => new Date('2026-11-23T03:45:12Z'),
    log: () => {},
    ...changes,
  };
}

function web(dockerfile = 'd0'): RenderedImage {
  const plain = image('web', { repository: `${main.host}/acme/web` });
  return { ...plain, material: { ...plain.material, build: { ...plain.material.build, dockerfile } } };
}

function record(images: readonly RenderedImage[], copies: readonly string[] = []): RenderRecord {
  return renderRecord(images, { registry: main.host, copies });
}

async function results(store: EngineStore) {
  const built: EngineImage = { reference: 'local/web', id: (await store.id('local/web')) ?? '' };
  return {
    build: builtRecord({ web: 'built' }, built.id),
    spec: undefined,
    integration: testRecord({ web: 'passed' }, built.id),
  };
}

const digestOf = async (tag: string, host = main.host): Promise<string | undefined> =>
  (await createRegistry({ retries: 0 }).head(`${host}/acme/web`, tag))?.digest;

describe('publishing', () => {
  it('writes the digest first, then what is remembered of it, then the main tag', async () => {
    const { store } = engine('one');
    const { images, problems } = await publish(record([web()]), await results(store), world(store));
    expect(problems).toEqual([]);
    expect(images).toMatchObject([{ name: 'web', status: 'published', changed: true, tags: ['latest'] }]);
    const written = main.requests
      .filter(({ method }) => method === 'PUT')
      .map(({ path }) => path.split('/').at(-1) ?? '');
    expect(written.slice(-7).map((tag) => tag.replace(/(?<=^.-).*|(?<=^sha256:).*/, ''))).toEqual([
      'sha256:',
      'p-',
      'k-',
      'c-',
      't-',
      'i-',
      'latest',
    ]);
  });

  it('keeps the published digest when the content is the same, and pushes nothing', async () => {
    const first = engine('one', '1');
    await publish(record([web('d0')]), await results(first.store), world(first.store));
    const before = await digestOf('latest');
    const second = engine('one', '2');
    const { images } = await publish(record([web('d1')]), await results(second.store), world(second.store));
    expect(second.pushes).toEqual([]);
    expect(images).toMatchObject([{ status: 'unchanged', changed: false, digest: before }]);
    expect(await digestOf('latest')).toBe(before);
  });

  it('writes when it was published with what changed, and not again when nothing did', async () => {
    const { store } = engine('one');
    await publish(record([web()]), await results(store), world(store));
    const digest = await digestOf('latest');
    const tag = `p-20261123T034512Z-${digest?.slice(7, 19)}`;
    const written = await createRegistry().manifest(`${main.host}/acme/web`, tag);
    expect(written?.manifests).toMatchObject([{ digest, platform: { os: 'linux', architecture: 'amd64' } }]);
    expect(readPublication(written?.annotations ?? {})).toEqual({
      publishedAt: new Date('2026-11-23T03:45:12Z'),
      class: 'default',
      branch: 'main',
      tags: ['latest'],
    });
    const before = main.requests.length;
    await publish(record([web()]), await results(store), world(store));
    expect(main.requests.slice(before).filter(({ method }) => method === 'PUT')).toEqual([]);
  });

  it('writes it for every push to another branch, which stays alive by that', async () => {
    const { store } = engine('one');
    const feature = { ...record([{ ...web(), tags: ['feature'] }]), ref: runRef({ isDefaultBranch: false }) };
    await publish(feature, await results(store), world(store));
    const before = main.requests.length;
    await publish(feature, await results(store), world(store, { now: () => new Date('2026-11-24T00:00:00Z') }));
    const written = main.requests.slice(before).filter(({ method }) => method === 'PUT');
    expect(written.map(({ path }) => path)).toEqual([
      expect.stringMatching(/manifests\/p-20261124T000000Z-[0-9a-f]{12}$/),
    ]);
  });

  it('copies to further registries, without their memory', async () => {
    const { store } = engine('one');
    await publish(record([web()], [`${other.host}/acme`]), await results(store), world(store));
    expect(await digestOf('latest', other.host)).toBe(await digestOf('latest'));
    expect(other.requests.some(({ path }) => /manifests\/[kctip]-/.test(path))).toBe(false);
  });

  it('tells of a registry that takes no copy, and publishes all the same', async () => {
    const { store } = engine('one');
    other.faults.add({ times: 100, does: { status: 403 } });
    const { images, problems } = await publish(
      record([web()], [`${other.host}/acme`]),
      await results(store),
      world(store),
    );
    expect(images).toMatchObject([{ status: 'published' }]);
    expect(problems[0]?.message).toContain(other.host);
  });

  it('refuses an image that is not the tested one any more', async () => {
    const { store } = engine('one');
    const outcome = await results(store);
    const { problems } = await publish(record([web()]), outcome, world({ ...store, id: async () => 'sha256:other' }));
    expect(problems[0]?.message).toContain('is not the one that was built and tested');
    expect(await digestOf('latest')).toBeUndefined();
  });

  it('refuses a commit that is older than what is published', async () => {
    const { store } = engine('one');
    const { images, problems } = await publish(
      record([web()]),
      await results(store),
      world(store, { superseded: async () => 'commit a is older than b, which is published' }),
    );
    expect(images).toMatchObject([{ status: 'refused' }]);
    expect(problems).toMatchObject([{ message: 'web is not published: commit a is older than b, which is published' }]);
  });

  it('publishes nothing on top of an image that could not be retagged', async () => {
    const { store } = engine('one');
    const known = await putMinimalImage(main.host, 'acme/web', undefined);
    const done = { needed: false, reason: 'already built' };
    const base = { ...web(), build: done, test: done, digest: known };
    const reference = `${main.host}/acme/web:latest`;
    const platforms = { 'linux/amd64': known };
    const top: RenderedImage = {
      ...image('top', { repository: `${main.host}/acme/top`, build: done, test: done, digest: known }),
      upstreams: [{ kind: 'image', written: reference, reference, digest: known, platforms, fleet: true }],
    };
    const { images, problems } = await publish(
      record([base, top]),
      { build: undefined, spec: undefined, integration: undefined },
      world(store, { superseded: async ({ name }) => (name === 'web' ? 'it is older' : undefined) }),
    );
    expect(images.map(({ name, status }) => `${name} ${status}`)).toEqual(['web refused', 'top refused']);
    expect(problems[1]?.message).toBe('top is not published: it is built on web, which is not published');
  });

  it('leaves the old image published wherever it breaks off, and is completed by the next run', async () => {
    const first = engine('old', '0');
    await publish(record([web('d0')]), await results(first.store), world(first.store));
    let brokenOff = 0;
    for (let at = 1; ; at++) {
      const old = await digestOf('latest');
      const { store } = engine(`new ${at}`, String(at));
      const outcome = await results(store);
      let left = at;
      const registry = breakAfter(createRegistry({ retries: 0 }), () => --left <= 0);
      const broken = await publish(record([web(`d${at}`)]), outcome, world(store, { registry }));
      if (broken.problems.length === 0) break;
      brokenOff++;
      const between = await digestOf('latest');
      const { images, problems } = await publish(record([web(`d${at}`)]), outcome, world(store));
      const now = await digestOf('latest');
      expect(problems).toEqual([]);
      expect(images).toMatchObject([{ digest: now }]);
      expect(now).not.toBe(old);
      expect([old, now]).toContain(between);
    }
    expect(brokenOff).toBeGreaterThan(8);
  });
});

/** A registry that can't be reached any more once `broken` says so. */
function breakAfter(registry: Publisher['registry'], broken: () => boolean): Publisher['registry'] {
  const guard =
    <Args extends readonly unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      if (broken()) throw new Error('the machine is gone');
      return call(...args);
    };
  return {
    ...registry,
    head: guard(registry.head),
    manifest: guard(registry.manifest),
    resolve: guard(registry.resolve),
    tag: guard(registry.tag),
  };
}
