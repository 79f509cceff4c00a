import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { LocalRegistry } from '../registry/server.ts';
import { blobFile, type Descriptor, readManifest } from './stored-image.ts';

/**
 * Puts a stored image into a local registry: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#push
 * @throws Error with the registry's answer when it refuses
 */
export async function pushStoredImage(
  folder: string,
  registry: Pick<LocalRegistry, 'host' | 'auth'>,
  repository: string,
  tag: string,
): Promise<void> {
  const stored = await readManifest(folder);
  if (stored === undefined) throw new Error(`no complete image in ${folder}: remove the folder and run this again`);
  const { auth } = registry;
  const headers: Record<string, string> =
    auth === undefined
      ? {}
      : { authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}` };
  const base = `http://${registry.host}/v2/${repository}`;
  for (const blob of [stored.manifest.config, ...stored.manifest.layers]) await pushBlob(base, headers, folder, blob);
  const answer = await fetch(`${base}/manifests/${tag}`, {
    method: 'PUT',
    headers: { ...headers, 'content-type': stored.manifest.mediaType },
    body: stored.text,
  });
  await expectStatus(answer, 201, `manifest ${repository}:${tag}`);
}

async function pushBlob(
  base: string,
  headers: Record<string, string>,
  folder: string,
  blob: Descriptor,
): Promise<void> {
  const known = await fetch(`${base}/blobs/${blob.digest}`, { method: 'HEAD', headers });
  if (known.status === 200) return;
  const start = await fetch(`${base}/blobs/uploads/`, { method: 'POST', headers });
  await expectStatus(start, 202, 'start of an upload');
  const place = new URL(start.headers.get('location') ?? '', base);
  place.searchParams.set('digest', blob.digest);
  const answer = await fetch(place, {
    method: 'PUT',
    headers: { ...headers, 'content-type': 'application/octet-stream', 'content-length': String(blob.size) },
    body: Readable.toWeb(createReadStream(blobFile(folder, blob.digest))),
    duplex: 'half',
  });
  await expectStatus(answer, 201, `blob ${blob.digest}`);
}

async function expectStatus(answer: Response, status: number, what: string): Promise<void> {
  const text = await answer.text();
  if (answer.status !== status)
    throw new Error(`${answer.url} did not take ${what}: ${answer.status} ${text.slice(0, 300)}`);
}
