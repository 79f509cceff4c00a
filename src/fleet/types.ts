/** The fleet as the planner sees it: plain data, gathered by others. */
import type { InputMaterial, Platform } from '../images/records.ts';

/** An upstream by name, without its state. */
export type UpstreamName =
  | {
      readonly kind: 'image';
      /** Canonical: `debian:bookworm` and `docker.io/library/debian:bookworm` are one node. */
      readonly reference: string;
    }
  | { readonly kind: 'source'; readonly repository: string; readonly ref: string };

export interface FleetImage {
  /** Canonical reference of the main tag: the identity of the node. */
  readonly reference: string;
  /** Canonical references of the other tags that a push to the default branch writes: names of the same node. */
  readonly aliases?: readonly string[];
  readonly name: string;
  /** `owner/name` of the image repository. */
  readonly repository: string;
  /** Commit that the default branch of the repository is at, where known. */
  readonly revision?: string;
  readonly platforms: readonly Platform[];
  readonly material: InputMaterial;
  readonly upstreams: readonly UpstreamName[];
}

/** What the registry and git say now. Keys are canonical references and, for sources, `sourceName`s. */
export interface FleetState {
  /** Digest that the main tag points at; absent when never published. Of upstreams outside as well, where known. */
  readonly published: ReadonlyMap<string, string>;
  /** Manifest digest by platform, of fleet images and of upstreams outside. */
  readonly platforms: ReadonlyMap<string, Readonly<Record<Platform, string>>>;
  /** Digest that the tag of an input key points at, by `repository:i-<key>`. */
  readonly inputTags: ReadonlyMap<string, string>;
  /** Commit of each application repository branch. */
  readonly commits: ReadonlyMap<string, string>;
  /** References whose build or test failed in this run. */
  readonly failed: ReadonlySet<string>;
  /** References and sources that are known to have changed just now. */
  readonly changed?: ReadonlySet<string>;
  /** Why something could not be read at all, by reference or source. */
  readonly unreadable?: ReadonlyMap<string, string>;
  /** What the published images were made from, by reference: explains, decides nothing. */
  readonly previous?: ReadonlyMap<string, PublishedInputs>;
  /** What the workflow runs of a repository say, by repository. */
  readonly attempts?: ReadonlyMap<string, Attempts>;
  /** Seconds that the last build of an image took, by reference. */
  readonly durations?: ReadonlyMap<string, number>;
}

/** What an image was published on, as far as its labels or its attestation tell. */
export interface PublishedInputs {
  /** By `nameOfUpstream`: a commit, or every digest known of an image (index, manifests). */
  readonly upstreams: ReadonlyMap<string, readonly string[]>;
  /** Git object ids by path, as in the input material. */
  readonly objects?: Readonly<Record<string, string>>;
}

/** The runs of a repository's default branch since the last one that succeeded. Times in milliseconds since 1970. */
export interface Attempts {
  /** Runs that failed; 0 when the last run succeeded, and then the times say nothing. */
  readonly failures: number;
  readonly firstFailure: number;
  readonly lastFailure: number;
  /** Commit of the last run that failed. */
  readonly revision?: string;
  /** Whether a run is queued or in progress. */
  readonly running: boolean;
}

/** What the planner's decisions depend on besides the facts. */
export interface Policy {
  /** Hours to wait after the first, second, … failure in a row; after more failures than entries the last one holds. */
  readonly retryHours: readonly number[];
  /** Milliseconds since the first failure after which dependents build on the last good image. */
  readonly maxHold: number;
  /** References to rebuild although they are up to date. */
  readonly force?: ReadonlySet<string>;
}

export type ImageState = 'ready' | 'waiting' | 'settled' | 'blocked';

export interface PlannedImage {
  readonly reference: string;
  readonly name: string;
  readonly repository: string;
  readonly state: ImageState;
  /** In words: `waiting for nginx, which waits for debian-base`. */
  readonly reason: string;
  /** Images on the longest chain of unsettled dependents that begins with this one, itself included; 0 when settled. */
  readonly remaining: number;
  /** Seconds that this chain takes by past durations (unknown ones count as the median); absent when none is known. */
  readonly remainingSeconds?: number;
  /**
   * Unsettled images that wait for this one, directly or through others. Given for images that something has to happen
   * at (ready, or blocked by no other image): for the 256 with the longest chains.
   */
  readonly holdsUp?: number;
  /** Of an image whose builds failed: when to try again, in milliseconds since 1970; due when not after `now`. */
  readonly retryAt?: number;
  /** Whether a run of its repository is queued or in progress. */
  readonly running?: boolean;
  /** Names of failing upstreams whose last good image it is decided on, because they failed for longer than `maxHold`. */
  readonly onLastGood?: readonly string[];
}

export interface Plan {
  /** The ready ones first, longest remaining chain first; the others follow, upstreams before dependents. */
  readonly images: readonly PlannedImage[];
  /** Each cycle as the references along it, from an image to its upstream; all images on one are blocked. */
  readonly cycles: readonly (readonly string[])[];
}
