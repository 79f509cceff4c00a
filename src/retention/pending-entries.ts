/** What the mark of a rotation has to say of what is about to go. */
import type { Digest } from '../images/records.ts';
import type { Pending } from './pending.ts';
import { type TagKind, tagKind } from './tags.ts';
import type { DeletedManifest } from './types.ts';

/** All but what is found and known by a tag of its own kind: records of the suite's, signatures. */
export function pendingEntries(going: Iterable<DeletedManifest>): (Pending & { readonly digest: Digest })[] {
  return [...going].flatMap(({ digest, tags: all, build, publishedAt }) => {
    const isBuild = build === digest;
    const tags = all.filter((tag) => tagKind(tag).kind === 'user');
    if (!isBuild && tags.length === 0 && all.some((tag) => isOwn(tagKind(tag)))) return [];
    return [{ digest, tags, ...(isBuild && publishedAt !== undefined ? { publishedAt } : {}) }];
  });
}

function isOwn({ kind }: TagKind): boolean {
  return kind === 'belongs' || kind === 'hold' || kind === 'publication';
}
