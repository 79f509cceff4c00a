/** What others did to a repository while a rotation goes on. */
import type { Digest } from '../images/records.ts';
import type { Registry } from '../registry/types.ts';
import type { Listing } from '../retention/index.ts';
import type { Change } from './store.ts';

/** An index of indexes, and no more: what is deeper nobody makes. */
const mostLevels = 4;

/**
 * The manifests of a listing that new tags or new manifests stand on.
 * @param fresh tags or digests that were not there at the listing, or may have moved
 */
export async function standingOn(
  registry: Pick<Registry, 'manifest' | 'head'>,
  listing: Listing,
  fresh: Iterable<string>,
): Promise<Change> {
  const known = new Set(listing.manifests.map(({ digest }) => digest));
  const retagged = new Set<Digest>();
  let requests = 0;
  const look = async (tagOrDigest: string, level: number): Promise<void> => {
    if (known.has(tagOrDigest)) {
      retagged.add(tagOrDigest);
      return;
    }
    requests += 1;
    const descriptor = await registry.head(listing.repository, tagOrDigest);
    if (descriptor === undefined) return;
    if (known.has(descriptor.digest)) {
      retagged.add(descriptor.digest);
      return;
    }
    if (level >= mostLevels) return;
    requests += 1;
    const manifest = await registry.manifest(listing.repository, descriptor.digest);
    const below = [...(manifest?.manifests ?? []), ...(manifest?.subject === undefined ? [] : [manifest.subject])];
    await Promise.all(below.map(({ digest }) => look(digest, level + 1)));
  };
  await Promise.all([...fresh].map((tagOrDigest) => look(tagOrDigest, 0)));
  return { retagged, requests };
}
