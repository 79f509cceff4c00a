/** Says in the registry what a rotation is about to delete, for the next one if this one ends half-way. */
import type { Digest } from '../images/records.ts';
import { annotatedIndex, type Registry } from '../registry/index.ts';
import { type Listing, pendingAnnotations, pendingArtifactType, pendingTag, tagKind } from '../retention/index.ts';

export type AnnouncingRegistry = Pick<Registry, 'putManifest' | 'deleteManifest'>;

/**
 * Writes the mark `rotation-pending`.
 * @param going all that goes
 * @returns what takes the mark back
 */
export async function announce(
  registry: AnnouncingRegistry,
  { repository, manifests }: Listing,
  going: readonly Digest[],
): Promise<() => Promise<void>> {
  const doomed = new Set(going);
  const anchor = manifests.find(({ digest, kind }) => kind !== 'artifact' && !doomed.has(digest));
  if (doomed.size === 0 || anchor === undefined) return async () => {};
  const entries = manifests.flatMap(({ digest, tags }) => {
    const users = tags.filter((tag) => tagKind(tag).kind === 'user');
    // What has only tags of its own kind is found and known by them.
    const known = tags.some(
      (tag) => tag !== pendingTag && ['belongs', 'hold', 'publication'].includes(tagKind(tag).kind),
    );
    return doomed.has(digest) && (users.length > 0 || !known) ? [{ digest, tags: users }] : [];
  });
  const mark = annotatedIndex(anchor, pendingArtifactType, pendingAnnotations(entries));
  await registry.putManifest(repository, pendingTag, mark);
  return () => registry.deleteManifest(repository, mark.descriptor.digest, [pendingTag]);
}
