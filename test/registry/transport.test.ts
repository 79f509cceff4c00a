import { afterEach, describe, expect, it } from '@jest/globals';
import { freePort, untilTrue } from '../../local/processes/index.ts';
import { type RegistryStandIn, type StandInOptions, startRegistryStandIn } from '../../local/registry/stand-in.ts';
import { createRegistry, digestOf, type RegistryOptions, statusOf } from '../../src/registry/index.ts';
import { createLimit } from '../../src/registry/limit.ts';
import { drain, messageOf, putBytes, putImage, quickClock } from './fixtures.ts';

let standIns: RegistryStandIn[] = [];
afterEach(async () => {
  await Promise.all(standIns.map((standIn) => standIn.stop()));
  standIns = [];
});

async function standIn(options: StandInOptions = {}): Promise<RegistryStandIn> {
  const started = await startRegistryStandIn(options);
  standIns.push(started);
  return started;
}

/** A stand-in with an image, and a client that does not really wait. */
async function setUp(options: StandInOptions = {}, client: RegistryOptions = {}) {
  const server = await standIn(options);
  const repository = `${server.host}/fleet/web`;
  const image = await putImage(createRegistry(), repository, 'latest');
  server.requests.length = 0;
  const clock = quickClock();
  return { server, repository, image, clock, registry: createRegistry({ clock, ...client }) };
}

const seen = (server: RegistryStandIn) => server.requests.map(({ method, status }) => `${method} ${status}`);

describe('a request that fails for the moment', () => {
  it.each([408, 429, 500, 502, 503, 504])('is sent again after status %d', async (status) => {
    const { server, repository, image, clock, registry } = await setUp();
    server.faults.add({ times: 2, does: { status } });
    expect((await registry.head(repository, 'latest'))?.digest).toBe(image.descriptor.digest);
    expect(seen(server)).toEqual([`HEAD ${status}`, `HEAD ${status}`, 'HEAD 200']);
    expect(clock.slept).toHaveLength(2);
  });

  it('waits about twice as long each time, and never exactly the same', async () => {
    const { server, repository, clock, registry } = await setUp();
    server.faults.add({ times: 4, does: { status: 503 } });
    await registry.head(repository, 'latest');
    for (const [index, longest] of [500, 1000, 2000, 4000].entries()) {
      expect(clock.slept[index]).toBeGreaterThanOrEqual(longest / 2);
      expect(clock.slept[index]).toBeLessThanOrEqual(longest);
    }
  });

  it('waits as long as Retry-After says, in seconds or as a date', async () => {
    const { server, repository, clock, registry } = await setUp();
    server.faults.add({ does: { status: 429, headers: { 'retry-after': '7' } } });
    server.faults.add({ does: { status: 503, headers: { 'retry-after': new Date(10_000).toUTCString() } } });
    await registry.head(repository, 'latest');
    expect(clock.slept).toEqual([7000, 3000]);
  });

  it('gives up at once when it would have to wait for hours, and says how long', async () => {
    const { server, repository, clock, registry } = await setUp();
    server.faults.add({ does: { status: 429, headers: { 'retry-after': '7200' } } });
    expect(await messageOf(registry.head(repository, 'latest'))).toContain('asks to wait 7200 s');
    expect(clock.slept).toEqual([]);
  });

  it('is given up after the last attempt, with the words of the registry', async () => {
    const { server, repository, registry } = await setUp({}, { retries: 2 });
    const body = JSON.stringify({ errors: [{ code: 'UNAVAILABLE', message: 'disk\n::error::full' }] });
    server.faults.add({ times: 9, method: 'GET', does: { status: 503, body } });
    const error = await registry.manifest(repository, 'latest').catch((thrown) => thrown);
    expect(error.message).toContain('503: UNAVAILABLE disk ::error::full');
    expect(statusOf(error)).toBe(503);
    expect(seen(server)).toEqual(['HEAD 200', 'GET 503', 'GET 503', 'GET 503']);
  });

  it('is sent again when the connection breaks before or within the answer', async () => {
    const { server, repository, image, registry } = await setUp();
    server.faults.add({ method: 'HEAD', does: { reset: true } });
    server.faults.add({ method: 'GET', does: { cutAfter: 20 } });
    expect((await registry.manifest(repository, 'latest'))?.descriptor).toEqual(image.descriptor);
    expect(seen(server)).toEqual(['HEAD 0', 'HEAD 200', 'GET 200', 'GET 200']);
  });

  it('is sent again when nothing is heard for too long', async () => {
    const { server, repository, image, registry } = await setUp({}, { idleMs: 60 });
    server.faults.add({ does: { silence: true } });
    expect((await registry.head(repository, 'latest'))?.digest).toBe(image.descriptor.digest);
  });

  it('begins a new upload session when one breaks', async () => {
    const { server, repository, registry } = await setUp();
    server.faults.add({ method: 'PUT', path: /uploads/, does: { reset: true } });
    const bytes = Buffer.alloc(100_000, 'z');
    const { digest } = await putBytes(registry, repository, bytes);
    expect((await drain(await registry.blob(repository, digest))).equals(bytes)).toBe(true);
    expect(seen(server).slice(0, 5)).toEqual(['HEAD 404', 'POST 202', 'PUT 0', 'POST 202', 'PUT 201']);
  });
});

describe('a copy between registries', () => {
  it('starts a blob again that breaks on the way, and never sends one that is there', async () => {
    const { server, repository, registry, image } = await setUp();
    const target = await standIn();
    const layer = image.layers?.[0]?.digest ?? '';
    server.faults.add({ method: 'GET', path: new RegExp(`blobs/${layer}`), does: { cutAfter: 3 } });
    const to = { repository: `${target.host}/copies/web`, tag: 'v1' };
    expect(await registry.copy({ repository, tagOrDigest: 'latest' }, to)).toBe(image.descriptor.digest);
    expect((await drain(await registry.blob(to.repository, layer))).toString()).toBe('a layer');
    target.requests.length = 0;
    await registry.copy({ repository, tagOrDigest: 'latest' }, { ...to, tag: 'v2' });
    expect(seen(target)).toEqual(['HEAD 200', 'PUT 201']);
  });

  it('leaves the target untouched when the source gives other bytes than it should', async () => {
    const { server, repository, registry } = await setUp();
    const target = await standIn();
    server.faults.add({ method: 'GET', path: /blobs/, times: 99, does: { corrupt: true } });
    const to = { repository: `${target.host}/copies/web`, tag: 'v1' };
    await messageOf(registry.copy({ repository, tagOrDigest: 'latest' }, to));
    expect(await registry.head(to.repository, 'v1')).toBeUndefined();
  });

  it('mounts blobs within one registry instead of sending them', async () => {
    const { server, repository, registry } = await setUp();
    await registry.copy({ repository, tagOrDigest: 'latest' }, { repository: `${server.host}/fleet/other`, tag: 'a' });
    const sent = server.requests.filter(({ path }) => path.includes('/uploads/'));
    expect(sent.map(({ method, status }) => `${method} ${status}`)).toEqual(['POST 201', 'POST 201']);
  });
});

describe('what a registry gives', () => {
  it('is refused when its digest is wrong: manifests, configurations and blobs', async () => {
    const { server, repository, registry, image } = await setUp();
    server.faults.add({ method: 'GET', path: /manifests/, does: { corrupt: true } });
    expect(await messageOf(registry.manifest(repository, 'latest'))).toContain('is corrupt: asked for sha256:');
    server.faults.add({ method: 'GET', path: /blobs/, times: 2, does: { corrupt: true } });
    expect(await messageOf(registry.config(repository, 'latest'))).toContain('is corrupt');
    const blob = registry.blob(repository, image.layers?.[0]?.digest ?? '').then(drain);
    expect(await messageOf(blob)).toContain('is corrupt');
  });

  it('is refused when it is longer than any manifest', async () => {
    const { server, repository, registry } = await setUp();
    server.faults.add({ method: 'GET', does: { status: 200, body: 'x'.repeat(5 * 1024 * 1024) } });
    expect(await messageOf(registry.manifest(repository, 'latest'))).toContain('more than 4194304 bytes');
  });

  it('fails with a sentence when the connection breaks within a blob', async () => {
    const { server, repository, registry, image } = await setUp();
    server.faults.add({ method: 'GET', path: /blobs/, does: { cutAfter: 2 } });
    const blob = registry.blob(repository, image.layers?.[0]?.digest ?? '').then(drain);
    expect(await messageOf(blob)).toContain(`registry ${server.host} cannot be reached`);
  });

  it('is identified by its bytes when the header with the digest is missing', async () => {
    const { repository, registry, image } = await setUp({ digestHeader: false });
    expect(await registry.head(repository, 'latest')).toEqual(image.descriptor);
  });

  it('is fetched once for each digest, and looked up anew for each tag', async () => {
    const { server, repository, registry } = await setUp();
    await registry.manifest(repository, 'latest');
    const other = await putImage(createRegistry(), repository, 'latest', { architecture: 'arm64' });
    server.requests.length = 0;
    expect((await registry.manifest(repository, 'latest'))?.descriptor).toEqual(other.descriptor);
    await registry.manifest(repository, 'latest');
    expect(seen(server)).toEqual(['HEAD 200', 'GET 200', 'HEAD 200']);
  });
});

describe('a redirect', () => {
  it('is followed without the login when it leads to another host', async () => {
    const storage = await standIn();
    const { server, repository, registry, image } = await setUp(
      { redirectBlobsTo: `http://${storage.host}/v2/store/blobs/` },
      {},
    );
    const layer = image.layers?.[0]?.digest ?? '';
    await putBytes(createRegistry(), `${storage.host}/store`, Buffer.from('a layer'));
    storage.requests.length = 0;
    const login = createRegistry({
      credentials: async () => ({ kind: 'password', username: 'user', password: 'secret' }),
    });
    expect((await drain(await login.blob(repository, layer))).toString()).toBe('a layer');
    expect((await drain(await registry.blob(repository, layer))).toString()).toBe('a layer');
    expect(server.requests.some(({ status }) => status === 307)).toBe(true);
    expect(storage.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
  });

  it.each(['http://example.com/blob', 'ftp://127.0.0.1/blob', 'file:///etc/passwd'])(
    'is not followed to %s',
    async (location) => {
      const { server, repository, registry, image } = await setUp();
      server.faults.add({ method: 'GET', path: /blobs/, does: { status: 307, headers: { location } } });
      const message = await messageOf(registry.blob(repository, image.layers?.[0]?.digest ?? ''));
      expect(message).toContain('which is not encrypted');
    },
  );

  it('ends when it goes round in circles', async () => {
    const { server, repository, registry } = await setUp();
    server.faults.add({ times: 99, does: { status: 302, headers: { location: '/v2/fleet/web/manifests/latest' } } });
    expect(await messageOf(registry.head(repository, 'latest'))).toContain('in circles');
  });
});

describe('a registry that is not there', () => {
  it('is named with the reason and what to do', async () => {
    const host = `127.0.0.1:${await freePort()}`;
    const clock = quickClock();
    const message = await messageOf(createRegistry({ clock }).head(`${host}/fleet/web`, 'latest'));
    expect(message).toBe(
      `registry ${host} cannot be reached (connect ECONNREFUSED ${host}); ` +
        'nothing listens there: check host and port (and those of HTTPS_PROXY), and that the registry is running',
    );
    expect(clock.slept).toHaveLength(4);
  });
});

describe('names', () => {
  const registry = createRegistry({ retries: 0 });
  it.each(['127.0.0.1:1/../x', '127.0.0.1:1/A', '127.0.0.1:1/a b', '127.0.0.1:1/a?x=1', '127.0.0.1:1/a:tag'])(
    'refuses the repository %s before it asks anybody',
    async (repository) => {
      expect(await messageOf(registry.head(repository, 'latest'))).toContain('is not the name of an image repository');
    },
  );

  it.each(['../../x', 'a/b', 'a?b', '', 'sha256:12', `sha256:${'0'.repeat(63)}g`])(
    'refuses the tag %s',
    async (tag) => {
      expect(await messageOf(registry.head('127.0.0.1:1/a/b', tag))).toContain('is neither a tag nor a sha256 digest');
      expect(await messageOf(registry.blob('127.0.0.1:1/a/b', tag))).toContain('is not a sha256 digest');
    },
  );
});

describe('deletion', () => {
  it('says what to do where it is switched off', async () => {
    const { repository, registry, image } = await setUp({ deletion: false });
    expect(await messageOf(registry.deleteManifest(repository, image.descriptor.digest))).toMatch(
      /cannot delete .*405: deletion is switched off; its administrator has to allow it/,
    );
  });
});

describe('bounded concurrency', () => {
  it('lets others start only when one has ended, in the order they came, also after failures', async () => {
    const limit = createLimit(3);
    const started: number[] = [];
    const ends = Array.from({ length: 6 }, () => Promise.withResolvers<void>());
    const tasks = ends.map(({ promise }, index) =>
      limit(async () => {
        started.push(index);
        await promise;
      }).catch(() => {}),
    );
    expect(started).toEqual([0, 1, 2]);
    ends[1]?.reject(new Error('failed'));
    await tasks[1];
    ends[0]?.resolve();
    await tasks[0];
    expect(started).toEqual([0, 1, 2, 3, 4]);
    for (const { resolve } of ends) resolve();
    await Promise.all(tasks);
    expect(started).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('holds back requests while others are on their way', async () => {
    const { server, repository } = await setUp();
    server.faults.add({ times: 2, does: { silence: true } });
    const controller = new AbortController();
    const registry = createRegistry({ concurrency: 2, signal: controller.signal });
    const requests = ['a', 'b', 'c', 'd'].map((tag) => registry.head(repository, tag).catch(() => {}));
    await untilTrue(() => server.requests.length === 2, { what: 'two requests', intervalMs: 5 });
    await createRegistry().head(repository, 'z');
    expect(server.requests.map(({ path }) => path.slice(-1))).toEqual(['a', 'b', 'z']);
    controller.abort();
    await Promise.all(requests);
  });
});

describe('a run that is cancelled', () => {
  it('ends a request on its way and a wait between two, with the reason', async () => {
    const controller = new AbortController();
    const { server, repository } = await setUp();
    const reason = new Error('cancelled');
    server.faults.add({ does: { silence: true } });
    const hanging = createRegistry({ signal: controller.signal }).head(repository, 'latest');
    server.faults.add({ does: { status: 503, headers: { 'retry-after': '100' } } });
    const waiting = createRegistry({
      signal: controller.signal,
      log: (line) => {
        if (line.startsWith('trying again')) setImmediate(() => controller.abort(reason));
      },
    }).head(repository, 'latest');
    await expect(waiting).rejects.toBe(reason);
    await expect(hanging).rejects.toBe(reason);
    const late = createRegistry({ signal: controller.signal }).head(repository, digestOf(Buffer.from('x')));
    await expect(late).rejects.toBe(reason);
  });
});
