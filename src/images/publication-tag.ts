/**
 * The tag that says when a build was published: `p-<time>-<beginning of the digest>`. A registry does not tell when a
 * tag was written, and the labels of an image are those of its build, which a revert publishes again long afterwards.
 */
import type { Digest } from './records.ts';

export interface PublicationTag {
  /** When the build was published, to the second. */
  readonly publishedAt: Date;
  /** The first 12 hex digits of the digest that the tag was written for. */
  readonly digestPrefix: string;
}

const pattern = /^p-(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z-([0-9a-f]{12})$/;

/** `p-20261123T034512Z-0123456789ab`: two builds of one second have two tags. */
export function publicationTag(publishedAt: Date, digest: Digest): string {
  const time = publishedAt.toISOString().replace(/[-:]|\.\d+/g, '');
  return `p-${time}-${digest.slice('sha256:'.length, 'sha256:'.length + 12)}`;
}

/** `undefined` for any other tag. */
export function parsePublicationTag(tag: string): PublicationTag | undefined {
  const [, year, month, day, hour, minute, second, digestPrefix = ''] = pattern.exec(tag) ?? [];
  if (year === undefined) return undefined;
  const publishedAt = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(publishedAt.getTime()) ? undefined : { publishedAt, digestPrefix };
}
