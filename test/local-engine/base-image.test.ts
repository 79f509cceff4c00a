import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fetchImage } from '../../local/base-image/docker-hub.ts';
import { imageSources, isOrdinary, pickPlatform } from '../../local/base-image/index.ts';
import { readManifest, storeImage } from '../../local/base-image/stored-image.ts';

const mirror = { uris: ['http://mirror.example/debian'], suites: ['bookworm'], components: ['main'] };

describe('sources of the base image', () => {
  it("are the machine's own where the release is the same, without its keys", () => {
    const machine = { distribution: 'debian', codename: 'bookworm', sources: [{ ...mirror, signedBy: '/k.gpg' }] };
    expect(imageSources(machine)).toEqual([mirror]);
  });

  it('name the release of the image on a machine with another, from the same mirror', () => {
    const machine = {
      distribution: 'debian',
      codename: 'trixie',
      sources: [{ ...mirror, suites: ['trixie', 'trixie-updates'] }],
    };
    expect(imageSources(machine)).toEqual([{ ...mirror, suites: ['bookworm', 'bookworm-updates'] }]);
  });

  it('are left to the tool that makes the image on Ubuntu', () => {
    const machine = { distribution: 'ubuntu', codename: 'noble', sources: [{ ...mirror, suites: ['noble'] }] };
    expect(imageSources(machine)).toEqual([]);
  });

  it("decide whether the published image would do: not with a mirror or settings of the machine's own", () => {
    const ordinary = { ...mirror, uris: ['http://mirror.debian.org/debian'] };
    expect(isOrdinary([ordinary], [])).toBe(true);
    expect(isOrdinary([mirror], [])).toBe(false);
    expect(isOrdinary([ordinary], ['Acquire::http::Proxy "http://proxy.example";'])).toBe(false);
  });
});

describe('stored images', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'image-cascade-test-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('have the same digest whenever they are made from the same tar file', async () => {
    await writeFile(join(folder, 'a.tar'), Buffer.alloc(100_000, 'content'));
    const image = { architecture: 'amd64', created: '2025-01-01T00:00:00.000Z' };
    await storeImage(join(folder, 'a.tar'), folder, image);
    const first = await readManifest(folder);
    await storeImage(join(folder, 'a.tar'), folder, image);
    expect(await readManifest(folder)).toEqual(first);
    expect(first?.manifest.layers[0]?.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('are fetched from a registry that wants a token, for one platform', async () => {
    const registry = await startHub({ damaged: false });
    await fetchImage(
      { origin: registry.origin, repository: 'library/debian', tag: 'slim', architecture: 'arm64' },
      folder,
    );
    registry.server.close();
    const stored = await readManifest(folder);
    const layer = stored?.manifest.layers[0]?.digest ?? '';
    expect(await readFile(join(folder, layer.replace(':', '-')), 'utf8')).toBe('layer for arm64');
  });

  it('are not taken when a blob comes damaged', async () => {
    const registry = await startHub({ damaged: true });
    const fetching = fetchImage(
      { origin: registry.origin, repository: 'library/debian', tag: 'slim', architecture: 'arm64' },
      folder,
    );
    await expect(fetching).rejects.toThrow('damaged');
    registry.server.close();
    expect(await readManifest(folder)).toBeUndefined();
  });

  it('that are not offered for a platform are refused with what is offered', () => {
    const entry = { mediaType: '', digest: '', size: 0, platform: { os: 'linux', architecture: 'amd64' } };
    expect(() => pickPlatform([entry], 'riscv64')).toThrow('no image for linux/riscv64, only for linux/amd64');
  });
});

/** A registry with one image for arm64 behind a token, as Docker Hub has it. */
async function startHub(options: { damaged: boolean }): Promise<{ origin: string; server: Server }> {
  const digest = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;
  const describeText = (text: string) => ({ mediaType: 'x', digest: digest(text), size: text.length });
  const config = '{}';
  const layer = 'layer for arm64';
  const manifest = JSON.stringify({ schemaVersion: 2, config: describeText(config), layers: [describeText(layer)] });
  const platform = { os: 'linux', architecture: 'arm64' };
  const index = JSON.stringify({ schemaVersion: 2, manifests: [{ ...describeText(manifest), platform }] });
  const base = '/v2/library/debian';
  const answers = new Map([
    [`${base}/manifests/slim`, index],
    [`${base}/manifests/${digest(manifest)}`, manifest],
    [`${base}/blobs/${digest(config)}`, config],
    [`${base}/blobs/${digest(layer)}`, options.damaged ? 'something else' : layer],
  ]);
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://127.0.0.1');
    if (url.pathname === '/token' && url.searchParams.get('scope') === 'repository:library/debian:pull') {
      response.end('{"token":"t"}');
    } else if (request.headers.authorization !== 'Bearer t') {
      const realm = `http://${request.headers.host}/token`;
      response.setHeader(
        'www-authenticate',
        `Bearer realm="${realm}",service="hub",scope="repository:library/debian:pull"`,
      );
      response.writeHead(401).end();
    } else {
      const body = answers.get(url.pathname);
      response.writeHead(body === undefined ? 404 : 200).end(body);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { origin: `http://127.0.0.1:${port}`, server };
}
