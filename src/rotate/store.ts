/** Where images are kept, as rotation sees it. */
import type { Digest } from '../images/records.ts';
import type { DeletedManifest, Listing } from '../retention/index.ts';

export const storeKinds = ['registry', 'packages'] as const;

/** `registry`: any OCI registry. `packages`: GHCR, which deletes and restores through GitHub's packages API only. */
export type StoreKind = (typeof storeKinds)[number];

export type Removal =
  | { readonly status: 'deleted' }
  /** It was not there any more. */
  | { readonly status: 'gone' }
  /** It will never go this way. */
  | { readonly status: 'refused'; readonly reason: string }
  /** It may go another time. */
  | { readonly status: 'failed'; readonly reason: string }
  /** The store takes no more requests for now. */
  | { readonly status: 'limited'; readonly reason: string };

/** What changed since a listing. */
export interface Change {
  /** Manifests of the listing that something new points at, itself a tag or a manifest. */
  readonly retagged: ReadonlySet<Digest>;
  /** What it took to find out. */
  readonly requests: number;
}

export interface Store {
  readonly kind: StoreKind;
  /** Everything that a repository holds. @throws ProblemsError when the listing is not complete */
  list(repository: string): Promise<Listing>;
  /**
   * Looks again at a repository that was listed before.
   * @param tags those that others may move, e.g. the main ones
   */
  changes(listing: Listing, tags: readonly string[]): Promise<Change>;
  /**
   * Of a store that lists only what has a tag: leaves word of what is about to go, for the next run if this one ends
   * half-way.
   * @returns what takes it back when all of it is gone
   */
  announce?(listing: Listing, going: readonly DeletedManifest[]): Promise<() => Promise<void>>;
  /** The store's own number of a manifest, by which it can be restored; `undefined` where nothing can. */
  versionOf(repository: string, digest: Digest): number | undefined;
  /**
   * @param tags that point at it
   * @throws ProblemsError where nothing can be deleted at all
   */
  remove(repository: string, digest: Digest, tags: readonly string[]): Promise<Removal>;
}

/** The store that a repository, `registry/path`, is in. */
export type StoreOf = (repository: string) => Store;

/** The kind of store behind a registry's host, where nobody says it. */
export function storeKindOf(host: string): StoreKind {
  // GitHub Enterprise Server's is a subdomain of its own.
  return host === 'ghcr.io' || host.startsWith('containers.') ? 'packages' : 'registry';
}
