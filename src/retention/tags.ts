/** What a tag is for, by its form alone. */
import { type HoldTag, parseHoldTag } from '../images/hold.ts';
import { parsePublicationTag } from '../images/publication-tag.ts';
import type { Digest } from '../images/records.ts';
import { pendingTag } from './pending.ts';

export type TagKind =
  /** Memory of the suite: what was built from what. */
  | { readonly kind: 'memory' }
  | { readonly kind: 'publication'; readonly publishedAt: Date }
  | { readonly kind: 'hold'; readonly hold: HoldTag }
  /** Belongs to another manifest: a signature or attestation of cosign's, or a list of referrers. */
  | { readonly kind: 'belongs'; readonly subject: Digest }
  /** The mark of a rotation that is going on, or that ended half-way. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'user' };

/** One object for all tags of a kind: a repository may have a hundred thousand. */
const plain = {
  memory: { kind: 'memory' },
  pending: { kind: 'pending' },
  user: { kind: 'user' },
} as const;

const memory = /^[kcti]-[0-9a-f]{32}$/;

/**
 * cosign's tags are `sha256-<hex>.sig`, `.att` and `.sbom`; without an ending it is the list of referrers of registries
 * that have no API for it: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#referrers-tag-schema
 */
const belongs = /^sha256-([0-9a-f]{64})(?:\.[a-z]+)?$/;

export function tagKind(tag: string): TagKind {
  if (memory.test(tag)) return plain.memory;
  if (tag === pendingTag) return plain.pending;
  const publication = parsePublicationTag(tag);
  if (publication !== undefined) return { kind: 'publication', publishedAt: publication.publishedAt };
  const hold = parseHoldTag(tag);
  if (hold !== undefined) return { kind: 'hold', hold };
  const subject = belongs.exec(tag)?.[1];
  return subject === undefined ? plain.user : { kind: 'belongs', subject: `sha256:${subject}` };
}
