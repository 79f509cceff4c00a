import type { Digest } from '../images/records.ts';
import { fail } from '../problems.ts';
import { createLimit } from './limit.ts';
import type { Descriptor, Manifest, Registry } from './types.ts';

/** Blobs on their way at the same time; each needs memory for its buffers only. */
const blobsAtOnce = 4;

/**
 * Copies what a tag or digest points at: blobs, then manifests, then the index, then the tag, so that whoever sees
 * something at the target sees it whole. What is there already is not sent again.
 */
export async function copyImage(
  registry: Pick<Registry, 'head' | 'manifest' | 'putManifest'>,
  copyBlob: (descriptor: Descriptor) => Promise<void>,
  from: { readonly repository: string; readonly tagOrDigest: string },
  to: { readonly repository: string; readonly tag: string },
): Promise<Digest> {
  const limit = createLimit(blobsAtOnce);
  const top = await registry.manifest(from.repository, from.tagOrDigest);
  if (top === undefined) {
    return fail(`there is no ${from.tagOrDigest} in ${from.repository} to copy`, { hint: 'push it first' });
  }

  const content = async (manifest: Manifest): Promise<void> => {
    const blobs = [...(manifest.config === undefined ? [] : [manifest.config]), ...(manifest.layers ?? [])];
    const needed = new Map(blobs.filter(isDistributable).map((blob) => [blob.digest, blob]));
    // Layers of the platforms of an index are often the same: the one that comes second finds them there.
    await settleAll([...needed.values()].map((blob) => limit(() => copyBlob(blob))));
    for (const child of manifest.manifests ?? []) await copyChild(child);
  };

  const copyChild = async ({ digest }: Descriptor): Promise<void> => {
    if ((await registry.head(to.repository, digest)) !== undefined) return;
    const manifest = await registry.manifest(from.repository, digest);
    if (manifest === undefined) {
      return fail(`${from.repository} is incomplete: ${digest} is missing`, { hint: 'push the image again' });
    }
    await content(manifest);
    await registry.putManifest(to.repository, digest, manifest);
  };

  if ((await registry.head(to.repository, top.descriptor.digest)) === undefined) await content(top);
  return registry.putManifest(to.repository, to.tag, top);
}

/** Windows base layers: their licence forbids it, and registries take manifests without them. */
function isDistributable({ mediaType }: Descriptor): boolean {
  return !/nondistributable|\.foreign\./.test(mediaType);
}

/** Waits for all, so that nothing goes on behind the caller's back, then throws the first error. */
async function settleAll(tasks: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(tasks);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
