import { Readable } from 'node:stream';
import { digestOf, mediaTypes, parseManifest } from '../../src/registry/index.ts';
import type { Clock } from '../../src/registry/retries.ts';
import type { Descriptor, Manifest, Registry } from '../../src/registry/types.ts';

/** A clock that passes at once what it is asked to sleep, and remembers it. */
export function quickClock(start = 0): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  let now = start;
  return {
    slept,
    now: () => now,
    sleep: async (ms) => {
      slept.push(ms);
      now += ms;
    },
  };
}

export function jsonBytes(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/** Uploads bytes as a blob. */
export async function putBytes(registry: Registry, repository: string, bytes: Buffer): Promise<Descriptor> {
  const descriptor = { mediaType: 'application/octet-stream', digest: digestOf(bytes), size: bytes.length };
  await registry.putBlob(repository, descriptor, async () => Readable.from([bytes]));
  return descriptor;
}

export interface ImageOptions {
  architecture?: string;
  variant?: string;
  layers?: readonly Buffer[];
  labels?: Record<string, string>;
}

/** Pushes a small image under a tag, or under its digest alone. */
export async function putImage(
  registry: Registry,
  repository: string,
  tag: string | undefined,
  options: ImageOptions = {},
): Promise<Manifest> {
  const { architecture = 'amd64', variant, layers = [Buffer.from('a layer')], labels } = options;
  const config = jsonBytes({ os: 'linux', architecture, variant, config: { Labels: labels, Cmd: ['serve'] } });
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: { ...(await putBytes(registry, repository, config)), mediaType: mediaTypes.ociConfig },
    layers: await Promise.all(layers.map((layer) => putBytes(registry, repository, layer))),
  };
  return putParsed(registry, repository, tag, manifest);
}

/** Pushes an index of what is in the repository already. */
export function putIndex(
  registry: Registry,
  repository: string,
  tag: string | undefined,
  manifests: readonly Partial<Descriptor>[],
): Promise<Manifest> {
  return putParsed(registry, repository, tag, { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests });
}

async function putParsed(registry: Registry, repository: string, tag: string | undefined, body: object) {
  const manifest = parseManifest(jsonBytes(body), undefined, repository);
  await registry.putManifest(repository, tag ?? manifest.descriptor.digest, manifest);
  return manifest;
}

/** Everything a stream gives. */
export async function drain(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Everything a listing gives, in order. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** The message of what a promise rejects with. */
export async function messageOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('expected an error, there was none');
}
