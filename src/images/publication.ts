/**
 * The record of a publication: an index with one entry, the build, under the tag that says when (`publication-tag.ts`).
 * Its annotations say from where and as what the build was published, which its labels can't: those are of the build,
 * and a merge, a release or a revert publishes an old build again. It needs no blob and no other store, and the build
 * pulls under its tag.
 */
import { labels } from './labels.ts';
import type { Digest } from './records.ts';
import { isDigest } from './reference.ts';

/** `default`, `branch`, `tag` or `pull-request`, as in the label of the class. */
export type PublicationClass = 'default' | 'branch' | 'tag' | 'pull-request';

export interface PublicationRecord {
  readonly publishedAt: Date;
  readonly class: PublicationClass;
  /** Branch or git tag that it was published from. */
  readonly branch: string;
  /** Under which it was published, those of the suite's memory left out. */
  readonly tags: readonly string[];
  /** What the build was built on, as far as it has a digest. */
  readonly upstreams: readonly { readonly reference: string; readonly digest: Digest }[];
  /** Page of the run. */
  readonly run: string;
}

/** Of the index. */
export const publicationArtifactType = 'application/vnd.image-cascade.publication.v1+json';

const tagsAnnotation = 'io.image-cascade.tags';

/** The names are those of the labels, where one says the same. */
export function publicationAnnotations(record: PublicationRecord): Record<string, string> {
  return {
    [labels.created]: record.publishedAt.toISOString(),
    [labels.class]: record.class,
    [labels.branch]: record.branch,
    [labels.run]: record.run,
    [labels.upstreams]: JSON.stringify(record.upstreams.map((upstream) => ({ kind: 'image', ...upstream }))),
    [tagsAnnotation]: JSON.stringify(record.tags),
  };
}

/** What the annotations of a record say; `undefined` where they don't say what a publication is. */
export function readPublication(
  annotations: Readonly<Record<string, string>>,
): Pick<PublicationRecord, 'publishedAt' | 'class' | 'branch' | 'tags'> | undefined {
  const publishedAt = new Date(annotations[labels.created] ?? '');
  const kind = readClass(annotations[labels.class]);
  if (kind === undefined || Number.isNaN(publishedAt.getTime())) return undefined;
  const tags = readArray(annotations[tagsAnnotation]).filter((tag) => typeof tag === 'string');
  return { publishedAt, class: kind, branch: annotations[labels.branch] ?? '', tags };
}

/** The class that a label or an annotation names; `undefined` for any other text. */
export function readClass(text: string | undefined): PublicationClass | undefined {
  return text === 'default' || text === 'branch' || text === 'tag' || text === 'pull-request' ? text : undefined;
}

/** The digests that labels or annotations name as upstreams. */
export function upstreamDigests(named: Readonly<Record<string, string>>): readonly Digest[] {
  const digests = readArray(named[labels.upstreams]).map((upstream) =>
    typeof upstream === 'object' && upstream !== null && 'digest' in upstream ? upstream.digest : undefined,
  );
  return [...new Set([named[labels.baseDigest], ...digests])].filter(
    (digest): digest is Digest => typeof digest === 'string' && isDigest(digest),
  );
}

function readArray(text: string | undefined): unknown[] {
  try {
    const parsed: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}
