/**
 * The mark of a rotation that is going on: a tag on an index whose annotation lists what is about to go. A run that ends
 * half-way leaves it. By it, the next one finds what no tag leads to any more, e.g. the platforms of an index that is
 * gone already, and knows of a build whose record is gone already which of its tags the pipeline had set. Its one entry
 * is something that stays: no registry refuses an index for being empty.
 */
import type { Digest } from '../images/records.ts';
import { isDigest } from '../images/reference.ts';

export const pendingTag = 'rotation-pending';

/** Of the index. */
export const pendingArtifactType = 'application/vnd.image-cascade.rotation.v1+json';

const annotation = 'io.image-cascade.rotation.pending';

/** Registries take manifests of 4 MiB, and a line has 72 characters and the tags. */
const mostCharacters = 3_500_000;

/** @param going with the tags that users pull; what is beyond the size of a manifest is left out */
export function pendingAnnotations(
  going: Iterable<{ readonly digest: Digest; readonly tags: readonly string[] }>,
): Readonly<Record<string, string>> {
  const lines: string[] = [];
  let size = 0;
  for (const { digest, tags } of going) {
    const line = [digest, ...tags].join(' ');
    size += line.length + 2;
    if (size > mostCharacters) break;
    lines.push(line);
  }
  return { [annotation]: lines.join('\n') };
}

/** The tags of each manifest that was about to go. */
export function readPending(
  annotations: Readonly<Record<string, string>> = {},
): ReadonlyMap<Digest, readonly string[]> {
  const lines = (annotations[annotation] ?? '').split('\n').map((line) => line.split(' '));
  return new Map(
    lines.flatMap(([digest = '', ...tags]): [Digest, readonly string[]][] =>
      isDigest(digest) ? [[digest, tags]] : [],
    ),
  );
}
