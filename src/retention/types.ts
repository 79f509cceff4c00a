/** What rotation decides on, and what it decides: plain data, so that the plan is a pure function. */
import type { Digest } from '../images/records.ts';
import type { Policy } from '../images/retention.ts';

/** What one repository of a registry holds. Complete: what is not in it does not exist for the plan, and never goes. */
export interface Listing {
  /** `registry/path`, without tag. */
  readonly repository: string;
  readonly manifests: readonly ListedManifest[];
}

/**
 * One manifest. `image`: it has a configuration that runs; `index`: it lists other manifests; `artifact`: anything
 * else, e.g. a signature.
 */
export interface ListedManifest {
  readonly digest: Digest;
  readonly mediaType: string;
  /** `artifactType` of the manifest, else the media type of its configuration. */
  readonly artifactType?: string;
  readonly kind: 'image' | 'index' | 'artifact';
  /** Of the manifest itself, in bytes. */
  readonly size: number;
  /** Manifests that an index lists, attestations included; some may be missing in the repository. */
  readonly children: readonly Digest[];
  readonly layers: readonly Blob[];
  readonly config?: Blob;
  readonly subject?: Digest;
  /** Those whose names begin with `io.image-cascade.` or `org.opencontainers.image.`. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Likewise, of the configuration (of an index: of its first platform). Absent: not read. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
  /** When the store says that it was pushed or tagged last, ISO 8601; registries don't tell, GHCR does. */
  readonly updatedAt?: string;
}

export interface Blob {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
}

/**
 * The class of a build: where it was published from (`default` branch, git `tag`, other `branch`, `pull-request`), or
 * `unlabelled` for what the pipeline did not make. `trace`: only the suite's own tags point at it any more;
 * `untagged`: nothing points at it.
 */
export type BuildClass = 'default' | 'tag' | 'branch' | 'pull-request' | 'trace' | 'untagged' | 'unlabelled';

export interface RepositoryInput {
  readonly listing: Listing;
  readonly policy: Policy;
  /** Tags that the default branch is published under: what they point at always stays. */
  readonly mainTags: readonly string[];
  /** False for an image of the fleet that is looked at only because of what its builds were built on. */
  readonly rotate: boolean;
}

export interface RotationPlan {
  readonly repositories: readonly RepositoryPlan[];
}

export interface RepositoryPlan {
  readonly repository: string;
  /** All that stays, in the order of the listing. */
  readonly kept: readonly KeptManifest[];
  /** All that goes, in the order in which it has to go: nothing that is left refers to something that is gone. */
  readonly deleted: readonly DeletedManifest[];
  readonly holds: readonly Hold[];
  readonly classes: readonly ClassSummary[];
  /** Bytes of manifests, configurations and layers that nothing left in the registry's listings needs, each counted once. */
  readonly bytesFreed: number;
  readonly bytesKept: number;
}

export interface KeptManifest {
  readonly digest: Digest;
  readonly tags: readonly string[];
  /** Absent for what only belongs to a build: a platform, a signature, a record. */
  readonly class?: BuildClass;
  /** When the build was published last, ISO 8601, where known. */
  readonly publishedAt?: string;
  /** Sentences without a final stop, the weightiest first. */
  readonly reasons: readonly string[];
}

export interface DeletedManifest {
  readonly digest: Digest;
  readonly tags: readonly string[];
  readonly mediaType: string;
  /** Of the build that it goes with. */
  readonly class?: BuildClass;
  readonly publishedAt?: string;
  readonly created?: string;
  readonly reason: string;
  /** The build that it goes with, itself for a build; absent where that is gone already. */
  readonly build?: Digest;
}

export interface Hold {
  readonly tag: string;
  readonly name: string;
  /** The build that it keeps. */
  readonly digest: Digest;
  /** Last day, `yyyy-mm-dd`. */
  readonly until?: string;
  readonly active: boolean;
  /** What its record says; a mark that was set by hand says nothing. */
  readonly by?: string;
  readonly reason?: string;
  readonly since?: string;
  readonly run?: string;
}

export interface ClassSummary {
  readonly class: BuildClass;
  /** Builds, held ones included. */
  readonly kept: number;
  readonly held: number;
  readonly deleted: number;
  /** Bytes that its deleted builds free with all that belongs to them; what classes share counts for the first. */
  readonly bytesFreed: number;
  /** When the oldest kept build was published, ISO 8601. */
  readonly oldestKept?: string;
}
