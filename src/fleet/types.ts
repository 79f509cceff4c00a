/** The fleet as the planner sees it: plain data, gathered by others. */
import type { InputMaterial, Platform } from '../images/records.ts';

/** An upstream by name, without its state. */
export type UpstreamName =
  | { readonly kind: 'image'; readonly reference: string }
  | { readonly kind: 'source'; readonly repository: string; readonly ref: string };

export interface FleetImage {
  /** Canonical reference of the main tag: the identity of the node. */
  readonly reference: string;
  /** Canonical references of the other tags that a push to the default branch writes: names of the same node. */
  readonly aliases?: readonly string[];
  readonly name: string;
  /** `owner/name` of the image repository. */
  readonly repository: string;
  readonly platforms: readonly Platform[];
  readonly material: InputMaterial;
  readonly upstreams: readonly UpstreamName[];
}

/** What the registry and git say now. Keys are canonical references and, for sources, `sourceName`s. */
export interface FleetState {
  /** Digest that the main tag points at; absent when never published. */
  readonly published: ReadonlyMap<string, string>;
  /** Manifest digest by platform, of fleet images and of upstreams outside. */
  readonly platforms: ReadonlyMap<string, Readonly<Record<Platform, string>>>;
  /** Digest that the tag of an input key points at, by `repository:i-<key>`. */
  readonly inputTags: ReadonlyMap<string, string>;
  /** Commit of each application repository branch. */
  readonly commits: ReadonlyMap<string, string>;
  /** References whose last build or test failed. */
  readonly failed: ReadonlySet<string>;
  /** References and sources that are known to have changed just now: they explain, they decide nothing. */
  readonly changed?: ReadonlySet<string>;
  /** Why something could not be read at all, by reference or source. */
  readonly unreadable?: ReadonlyMap<string, string>;
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
}

export interface Plan {
  /** The ready ones first, longest remaining chain first; the others follow, upstreams before dependents. */
  readonly images: readonly PlannedImage[];
  /** Each cycle as the references along it, from an image to its upstream; all images on one are blocked. */
  readonly cycles: readonly (readonly string[])[];
}
