/**
 * The mark of a rotation that is going on: a tag on an index whose annotation lists what is about to go and has no tag.
 * A run that ends half-way leaves it, and the next one finds by it what no tag leads to any more, e.g. the platforms of
 * an index that is gone already. Its one entry is something that stays: no registry refuses an index for being empty.
 */
import type { Digest } from '../images/records.ts';
import { isDigest } from '../images/reference.ts';

export const pendingTag = 'rotation-pending';

/** Of the index. */
export const pendingArtifactType = 'application/vnd.image-cascade.rotation.v1+json';

const annotation = 'io.image-cascade.rotation.pending';

/** Registries take manifests of 4 MiB: what is beyond is found by the next run but one. */
const most = 50_000;

export function pendingAnnotations(digests: readonly Digest[]): Readonly<Record<string, string>> {
  return { [annotation]: digests.slice(0, most).join(' ') };
}

export function pendingDigests(annotations: Readonly<Record<string, string>> = {}): readonly Digest[] {
  return (annotations[annotation] ?? '').split(' ').filter(isDigest);
}
