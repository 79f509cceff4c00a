import type { Digest } from '../images/records.ts';
import { type Listing, tagKind } from '../retention/index.ts';
import { forEach } from './for-each.ts';
import type { ListingRegistry } from './list-repository.ts';

const concurrency = 16;

/**
 * Manifests that something new points at since a listing: tags that are new, and those of people that moved. What the
 * suite publishes gets a tag of its own with each publication, so its other tags need not be looked at.
 * @returns them, and the number of requests besides the pages of tags
 */
export async function retaggedSince(
  registry: ListingRegistry,
  { repository, manifests }: Listing,
): Promise<{ readonly retagged: ReadonlySet<Digest>; readonly requests: number }> {
  const before = new Map(manifests.flatMap(({ tags, digest }) => tags.map((tag) => [tag, digest] as const)));
  const listed = new Set(manifests.map(({ digest }) => digest));
  const retagged = new Set<Digest>();
  let requests = 0;
  await forEach(registry.tags(repository), concurrency, async (tag) => {
    const known = before.get(tag);
    if (known !== undefined && tagKind(tag).kind !== 'user') return;
    requests += 1;
    const digest = (await registry.head(repository, tag))?.digest;
    if (digest === undefined || digest === known) return;
    retagged.add(digest);
    if (listed.has(digest)) return;
    // A new record, mark or index of something old.
    requests += 1;
    const manifest = await registry.readManifest(repository, digest);
    for (const child of manifest?.manifests ?? []) retagged.add(child.digest);
    if (manifest?.subject !== undefined) retagged.add(manifest.subject.digest);
  });
  return { retagged, requests };
}
