/**
 * Uploads an image that the engine saved as an OCI image layout, byte for byte: blobs, then manifests by their digests,
 * an index after what it lists. An engine that pushes an index writes its children to the tag first, and a push that is
 * cut off leaves the tag at one of them; here, no tag points at anything before all of it is there.
 * https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Digest } from '../images/records.ts';
import { isDigest } from '../images/reference.ts';
import { fail } from '../problems.ts';
import { type Manifest, parseManifest, type Registry, readTar } from '../registry/index.ts';

/** Writes the blobs of a layout into a folder, each under the hexadecimal digits of its digest. */
export async function unpackLayout(archive: Readable, folder: string): Promise<void> {
  await readTar(archive, async ({ name, type }, content) => {
    const digits = /^blobs\/sha256\/([0-9a-f]{64})$/.exec(name)?.[1];
    if (type === '0' && digits !== undefined) await pipeline(content, createWriteStream(join(folder, digits)));
  });
}

/**
 * Uploads the manifest `digest` of an unpacked layout with everything under it.
 * @throws ProblemsError when the layout lacks a part of it
 */
export async function uploadLayout(
  folder: string,
  digest: Digest,
  repository: string,
  registry: Pick<Registry, 'head' | 'putBlob' | 'putManifest'>,
): Promise<void> {
  if ((await registry.head(repository, digest)) !== undefined) return;
  const manifest = await readManifest(folder, digest);
  for (const child of manifest.manifests ?? []) await uploadLayout(folder, child.digest, repository, registry);
  const blobs = [...(manifest.config === undefined ? [] : [manifest.config]), ...(manifest.layers ?? [])];
  await Promise.all(
    blobs.map(async (blob) => {
      const file = blobFile(folder, blob.digest);
      const { size } = await stat(file).catch((cause: unknown) => missing(blob.digest, cause));
      await registry.putBlob(repository, { digest: blob.digest, size }, async () => createReadStream(file));
    }),
  );
  await registry.putManifest(repository, digest, manifest);
}

async function readManifest(folder: string, digest: Digest): Promise<Manifest> {
  const bytes = await readFile(blobFile(folder, digest)).catch((cause: unknown) => missing(digest, cause));
  return parseManifest(bytes, undefined, digest);
}

function blobFile(folder: string, digest: Digest): string {
  if (!isDigest(digest)) return fail(`'${digest}' is no digest`);
  return join(folder, digest.slice('sha256:'.length));
}

function missing(digest: Digest, cause: unknown): never {
  return fail(`the engine saved the image without ${digest}`, { hint: 'run the job again', cause });
}
