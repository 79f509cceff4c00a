import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** The media types of the OCI image specification 1.1, and Docker's older names for the same. */
export const MEDIA_TYPES = {
  manifest: ['application/vnd.oci.image.manifest.v1+json', 'application/vnd.docker.distribution.manifest.v2+json'],
  index: ['application/vnd.oci.image.index.v1+json', 'application/vnd.docker.distribution.manifest.list.v2+json'],
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
};

export interface Descriptor {
  mediaType: string;
  /** `sha256:` and 64 hexadecimal digits. */
  digest: string;
  /** Bytes. */
  size: number;
}

export interface Manifest {
  schemaVersion: 2;
  mediaType: string;
  config: Descriptor;
  layers: Descriptor[];
}

const MANIFEST_FILE = 'manifest.json';

/** Where a blob of a stored image lies in its folder. */
export function blobFile(folder: string, digest: string): string {
  return join(folder, digest.replace(':', '-'));
}

/** The manifest of a stored image as it was written, byte for byte; undefined where none is complete. */
export async function readManifest(folder: string): Promise<{ text: string; manifest: Manifest } | undefined> {
  const text = await readFile(join(folder, MANIFEST_FILE), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : { text, manifest: JSON.parse(text) };
}

/** Written last: a folder with a manifest is complete. */
export async function writeManifest(folder: string, text: string): Promise<void> {
  await writeFile(join(folder, `${MANIFEST_FILE}.part`), text);
  await rename(join(folder, `${MANIFEST_FILE}.part`), join(folder, MANIFEST_FILE));
}

/**
 * Stores a file system (a tar file) as an image of one layer. The same tar file always gives the same digest: nothing
 * of the time or the machine goes in.
 * @param created RFC 3339 time for the image's configuration
 */
export async function storeImage(
  tar: string,
  folder: string,
  image: { architecture: string; created: string },
): Promise<void> {
  const part = join(folder, 'layer.part');
  const content = createHash('sha256');
  const compressed = createHash('sha256');
  let size = 0;
  await pipeline(
    createReadStream(tar),
    tapped((chunk) => content.update(chunk)),
    createGzip({ level: 6 }),
    tapped((chunk) => {
      compressed.update(chunk);
      size += chunk.length;
    }),
    createWriteStream(part),
  );
  const layer = { mediaType: MEDIA_TYPES.layer, digest: `sha256:${compressed.digest('hex')}`, size };
  await rename(part, blobFile(folder, layer.digest));

  const configText = JSON.stringify({
    created: image.created,
    architecture: image.architecture,
    os: 'linux',
    config: { Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'], Cmd: ['bash'] },
    rootfs: { type: 'layers', diff_ids: [`sha256:${content.digest('hex')}`] },
    history: [{ created: image.created, created_by: 'mmdebstrap' }],
  });
  const config = { mediaType: MEDIA_TYPES.config, digest: digestOf(configText), size: Buffer.byteLength(configText) };
  await writeFile(blobFile(folder, config.digest), configText);
  const mediaType = MEDIA_TYPES.manifest[0] ?? '';
  const manifest: Manifest = { schemaVersion: 2, mediaType, config, layers: [layer] };
  await writeManifest(folder, JSON.stringify(manifest));
}

export function digestOf(bytes: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function tapped(look: (chunk: Buffer) => unknown): (source: AsyncIterable<Buffer>) => AsyncGenerator<Buffer> {
  return async function* (source) {
    for await (const chunk of source) {
      look(chunk);
      yield chunk;
    }
  };
}
