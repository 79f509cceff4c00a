/** Says in the registry what a rotation is about to delete, for the next one if this one ends half-way. */
import type { Digest } from '../images/records.ts';
import { annotatedIndex, type Registry } from '../registry/index.ts';
import { type Listing, pendingAnnotations, pendingArtifactType, pendingTag } from '../retention/index.ts';

export type AnnouncingRegistry = Pick<Registry, 'putManifest' | 'deleteManifest'>;

/**
 * Writes the mark `rotation-pending`, where something has no tag that leads to it.
 * @param going all that goes, in its order
 * @returns what takes the mark back
 */
export async function announce(
  registry: AnnouncingRegistry,
  { repository, manifests }: Listing,
  going: readonly Digest[],
): Promise<() => Promise<void>> {
  const doomed = new Set(going);
  const hidden = manifests.filter(({ digest, tags }) => doomed.has(digest) && tags.every((tag) => tag === pendingTag));
  const anchor = manifests.find(({ digest, kind }) => kind !== 'artifact' && !doomed.has(digest));
  if (hidden.length === 0 || anchor === undefined) return async () => {};
  const digests = hidden.map(({ digest }) => digest);
  const mark = annotatedIndex(anchor, pendingArtifactType, pendingAnnotations(digests));
  await registry.putManifest(repository, pendingTag, mark);
  return () => registry.deleteManifest(repository, mark.descriptor.digest);
}
