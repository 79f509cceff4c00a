import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { blobFile, type Descriptor, digestOf, type Manifest, MEDIA_TYPES, writeManifest } from './stored-image.ts';

/** Milliseconds that Docker Hub has for its first answer. */
const PATIENCE = 8_000;
/** Milliseconds for the whole image. */
const DOWNLOAD_LIMIT = 120_000;

interface IndexEntry extends Descriptor {
  platform?: { os?: string; architecture?: string };
}

/**
 * Stores an image of a public registry, for one platform.
 * @param from.origin e.g. `https://registry-1.docker.io`
 * @throws Error when the registry does not answer in time, or not with that image
 */
export async function fetchImage(
  from: { origin: string; repository: string; tag: string; architecture: string },
  folder: string,
): Promise<void> {
  const base = `${from.origin}/v2/${from.repository}`;
  const headers: Record<string, string> = { accept: [...MEDIA_TYPES.index, ...MEDIA_TYPES.manifest].join(', ') };
  const first = await fetch(`${base}/manifests/${from.tag}`, { headers, signal: AbortSignal.timeout(PATIENCE) });
  if (first.status === 401) {
    await first.body?.cancel();
    headers.authorization = `Bearer ${await anonymousToken(first.headers.get('www-authenticate') ?? '')}`;
  }
  const signal = AbortSignal.timeout(DOWNLOAD_LIMIT);
  let text = await textOf(
    first.status === 401 ? await fetch(`${base}/manifests/${from.tag}`, { headers, signal }) : first,
  );
  const top: { mediaType?: string; manifests?: IndexEntry[] } = JSON.parse(text);
  if (top.manifests !== undefined) {
    const entry = pickPlatform(top.manifests, from.architecture);
    text = await textOf(await fetch(`${base}/manifests/${entry.digest}`, { headers, signal }));
    if (digestOf(text) !== entry.digest) throw new Error(`${base}: manifest ${entry.digest} came with another content`);
  }
  const manifest: Manifest = JSON.parse(text);
  for (const blob of [manifest.config, ...manifest.layers]) {
    const answer = await fetch(`${base}/blobs/${blob.digest}`, { headers, signal });
    if (!answer.ok || answer.body === null) throw new Error(`${answer.url}: ${answer.status}`);
    const part = `${blobFile(folder, blob.digest)}.part`;
    const hash = createHash('sha256');
    await pipeline(
      Readable.fromWeb(answer.body),
      async function* (source: AsyncIterable<Buffer>) {
        for await (const chunk of source) {
          hash.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(part),
    );
    if (`sha256:${hash.digest('hex')}` !== blob.digest) throw new Error(`${base}: blob ${blob.digest} came damaged`);
    await rename(part, blobFile(folder, blob.digest));
  }
  await writeManifest(folder, text);
}

/** The entry of an index for Linux on one architecture. @throws Error that names what there is */
export function pickPlatform(entries: readonly IndexEntry[], architecture: string): IndexEntry {
  const entry = entries.find(({ platform }) => platform?.os === 'linux' && platform.architecture === architecture);
  if (entry !== undefined) return entry;
  const offered = entries.map(({ platform }) => `${platform?.os}/${platform?.architecture}`).join(', ');
  throw new Error(`no image for linux/${architecture}, only for ${offered}`);
}

/** Distribution's token protocol without credentials: https://distribution.github.io/distribution/spec/auth/token/ */
async function anonymousToken(challenge: string): Promise<string> {
  const fields = new Map([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));
  const url = new URL(fields.get('realm') ?? '');
  for (const name of ['service', 'scope']) url.searchParams.set(name, fields.get(name) ?? '');
  const answer: { token?: string } = JSON.parse(
    await textOf(await fetch(url, { signal: AbortSignal.timeout(PATIENCE) })),
  );
  return answer.token ?? '';
}

async function textOf(answer: Response): Promise<string> {
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status} ${text.slice(0, 200)}`);
  return text;
}
