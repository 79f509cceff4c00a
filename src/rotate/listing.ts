import type { Digest } from '../images/records.ts';
import type { Listing } from '../retention/index.ts';

/** Where the reading of a repository's manifests begins. */
export type ListingRoots =
  | { readonly tags: AsyncIterable<string> }
  | {
      readonly versions: Iterable<{
        readonly digest: Digest;
        readonly tags: readonly string[];
        readonly updatedAt: string;
      }>;
    };

/** Reads every manifest of a repository, each once. @throws ProblemsError when one can't be read */
export type ListManifests = (repository: string, roots: ListingRoots) => Promise<Listing>;
