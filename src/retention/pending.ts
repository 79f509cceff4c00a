/**
 * The mark of a rotation that is going on: a tag on an index whose annotation lists what is about to go. A run that ends
 * half-way leaves it. By it, the next one finds what no tag leads to any more, e.g. the platforms of an index that is
 * gone already, and judges a build whose records are gone already as the last one did: by the time of its publication,
 * and knowing which of its tags the pipeline had set. Its one entry is something that stays: no registry refuses an index
 * for being empty.
 */
import type { Digest } from '../images/records.ts';
import { isDigest } from '../images/reference.ts';

export const pendingTag = 'rotation-pending';

/** Of the index. */
export const pendingArtifactType = 'application/vnd.image-cascade.rotation.v1+json';

const annotation = 'io.image-cascade.rotation.pending';

/** Registries take manifests of 4 MiB, and a line has 72 characters, 25 for the time of a build, and the tags. */
const mostCharacters = 3_500_000;

export interface Pending {
  /** Those that users pull. */
  readonly tags: readonly string[];
  /** Of a build: when it was published last, ISO 8601. */
  readonly publishedAt?: string;
}

/** @param going what is beyond the size of a manifest is left out */
export function pendingAnnotations(
  going: Iterable<Pending & { readonly digest: Digest }>,
): Readonly<Record<string, string>> {
  const lines: string[] = [];
  let size = 0;
  for (const { digest, tags, publishedAt } of going) {
    const line = [digest, ...(publishedAt === undefined ? [] : [publishedAt]), ...tags].join(' ');
    size += line.length + 2;
    if (size > mostCharacters) break;
    lines.push(line);
  }
  return { [annotation]: lines.join('\n') };
}

/** What was about to go. */
export function readPending(annotations: Readonly<Record<string, string>> = {}): ReadonlyMap<Digest, Pending> {
  const lines = (annotations[annotation] ?? '').split('\n').map((line) => line.split(' '));
  return new Map(
    lines.flatMap(([digest = '', ...words]): [Digest, Pending][] => {
      // No tag has a colon.
      const [publishedAt] = words.filter((word) => word.includes(':'));
      const tags = words.filter((word) => word !== publishedAt);
      return isDigest(digest) ? [[digest, { tags, ...(publishedAt === undefined ? {} : { publishedAt }) }]] : [];
    }),
  );
}
