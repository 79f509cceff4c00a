/** Says in the registry what a rotation is about to delete, for the next one if this one ends half-way. */
import type { Digest } from '../images/records.ts';
import { annotatedIndex, type Registry } from '../registry/index.ts';
import {
  type DeletedManifest,
  type Listing,
  pendingAnnotations,
  pendingArtifactType,
  pendingEntries,
  pendingTag,
} from '../retention/index.ts';

export type AnnouncingRegistry = Pick<Registry, 'putManifest' | 'deleteManifest'>;

/**
 * Writes the mark `rotation-pending`.
 * @param going all that goes
 * @returns what takes the mark back
 */
export async function announce(
  registry: AnnouncingRegistry,
  { repository, manifests }: Listing,
  going: readonly DeletedManifest[],
): Promise<() => Promise<void>> {
  const doomed = new Set(going.map(({ digest }) => digest));
  const anchor = manifests.find(({ digest, kind }) => kind !== 'artifact' && !doomed.has(digest));
  if (doomed.size === 0 || anchor === undefined) return async () => {};
  const mark = annotatedIndex(anchor, pendingArtifactType, pendingAnnotations(pendingEntries(going)));
  await registry.putManifest(repository, pendingTag, mark);
  return takingBack(registry, repository, mark.descriptor.digest);
}

/** Apart, since it lasts as long as the deletions do: megabytes are in the mark. */
function takingBack(registry: AnnouncingRegistry, repository: string, digest: Digest): () => Promise<void> {
  return () => registry.deleteManifest(repository, digest, [pendingTag]);
}
