/**
 * What the steps of one run tell each other: one JSON file a step in the run folder. `render` writes the images and
 * what is known of them, each later step adds a record of its own and changes none that is there.
 */

/** A platform as `os/architecture[/variant]`, e.g. `linux/amd64`. */
export type Platform = string;

/** `sha256:<64 hex>`. */
export type Digest = string;

/** An upstream as it was when the run began. */
export type Upstream = ImageUpstream | PendingUpstream | MissingUpstream | SourceUpstream;

export interface ImageUpstream {
  readonly kind: 'image';
  /** As the rendered Dockerfile writes it: the key of the build context that pins it. */
  readonly written: string;
  /** Canonical: registry, repository and tag (or digest). */
  readonly reference: string;
  /** What the tag points at: an index or a manifest. The build is pinned to it. */
  readonly digest: Digest;
  /** The state: the manifest digest of each platform that is built for. */
  readonly platforms: Readonly<Record<Platform, Digest>>;
  /** Whether it belongs to the fleet's namespace. */
  readonly fleet: boolean;
}

/** An image of the same repository whose state this run will change. */
export interface PendingUpstream {
  readonly kind: 'pending';
  readonly written: string;
  readonly reference: string;
  /** Its name in `images.yaml`. */
  readonly image: string;
}

/** A fleet image that nobody has published yet. */
export interface MissingUpstream {
  readonly kind: 'missing';
  readonly written: string;
  readonly reference: string;
}

/** A branch of an application repository. */
export interface SourceUpstream {
  readonly kind: 'source';
  /** `owner/name`. */
  readonly repository: string;
  readonly ref: string;
  readonly commit: string;
}

/** What goes into the keys of an image, its upstreams' state apart. All values are hashes or plain settings. */
export interface KeyMaterial {
  readonly input: InputMaterial;
  readonly build: BuildMaterial;
  /** Hash of the test files' contents; absent without tests. */
  readonly tests?: string;
}

/** Git object ids by repository path, of `images.yaml`, the image's folder, template folders and test files. */
export interface InputMaterial {
  readonly objects: Readonly<Record<string, string>>;
}

export interface BuildMaterial {
  /** sha256 of the rendered Dockerfile's bytes. */
  readonly dockerfile: string;
  /** sha256 over the build context: paths, modes and contents, no times. */
  readonly context: string;
  readonly target?: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly platforms: readonly Platform[];
}

/** The first 32 hex digits of each key. */
export interface Keys {
  readonly input: string;
  readonly build: string;
  readonly tests: string;
}

/** A decision with its reason, in words for people. */
export interface Decision {
  readonly needed: boolean;
  readonly reason: string;
}

/** A line (from 1) of an image's template, or of another file that it includes or imports. */
export type TemplateLine = number | { readonly file: string; readonly line: number };

export interface RenderedImage {
  /** Name in `images.yaml`. */
  readonly name: string;
  /** `registry/namespace/name`, without tag. */
  readonly repository: string;
  /** Tags to publish under; the first is the main tag of this branch. Empty on a pull request. */
  readonly tags: readonly string[];
  /** What the default branch publishes it as: the main tag there. */
  readonly mainReference: string;
  /** Path of the template in the repository, e.g. `docker/web/Dockerfile.j2`. */
  readonly template: string;
  /** Where each line of the rendered Dockerfile comes from, if that is known. */
  readonly templateLines?: readonly TemplateLine[];
  /** Absolute paths in the run folder. */
  readonly dockerfile: string;
  readonly context: string;
  readonly target?: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly platforms: readonly Platform[];
  /** Path of the test file in the repository; absent without tests. */
  readonly tests?: string;
  /** Path of the folder whose files are all part of the tests, where `tests` in `images.yaml` names one. */
  readonly testFolder?: string;
  readonly upstreams: readonly Upstream[];
  readonly material: KeyMaterial;
  /** Absent while an upstream is pending or missing. */
  readonly keys?: Keys;
  /** True when an upstream is missing: the image can't be built now; whoever publishes it sees to this one. */
  readonly waiting: boolean;
  readonly build: Decision;
  readonly test: Decision;
  /** The digest that the build key's tag points at: published before, nothing to build. */
  readonly digest?: Digest;
}

/** What every step needs to know of the commit and of the event. */
export interface RunRef {
  /** `push`, `pull_request`, `repository_dispatch`, `workflow_dispatch`, `schedule`. */
  readonly event: string;
  /** Branch or tag name; of a pull request its head branch. */
  readonly name: string;
  readonly type: 'branch' | 'tag' | 'pull-request';
  readonly defaultBranch: string;
  readonly isDefaultBranch: boolean;
  /** True for a pull request from another repository. */
  readonly fork: boolean;
  /** Commit that is built. */
  readonly revision: string;
  /** Commit time in seconds since 1970: `SOURCE_DATE_EPOCH`. */
  readonly committed: number;
  /** `owner/name` and its page. */
  readonly repository: string;
  readonly url: string;
  readonly runId: string;
  readonly runUrl: string;
  /** True when somebody started the run of this commit again. */
  readonly rerun?: boolean;
}

export interface RenderRecord {
  readonly ref: RunRef;
  /** `registry/namespace`, the main place of publication. */
  readonly registry: string;
  readonly namespace: string;
  /** Further places, as `registry/namespace`, that get copies. */
  readonly copies: readonly string[];
  readonly images: readonly RenderedImage[];
}

/** What identifies an image in the engine: both stay the same as long as nobody builds it anew. */
export interface EngineImage {
  /** Reference by which the engine knows it. */
  readonly reference: string;
  /** The engine's image id: config digest, or, with the containerd image store, the digest of manifest or index. */
  readonly id: string;
}

export interface BuiltImage {
  readonly name: string;
  readonly status: 'built' | 'reused' | 'waiting' | 'failed' | 'skipped';
  readonly reason: string;
  /** Present when built. */
  readonly image?: EngineImage;
  readonly durationMs?: number;
}

export interface BuildRecord {
  readonly images: readonly BuiltImage[];
}

export interface TestedImage {
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly reason: string;
  /** Engine image id that the containers were started from (integration phase). */
  readonly id?: string;
  readonly checks: readonly CheckResult[];
}

export interface CheckResult {
  readonly title: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly message?: string;
  readonly durationMs: number;
}

export interface TestRecord {
  readonly images: readonly TestedImage[];
}

export interface PushedImage {
  readonly name: string;
  readonly status: 'published' | 'unchanged' | 'refused' | 'waiting' | 'skipped';
  readonly reason: string;
  readonly reference: string;
  readonly digest?: Digest;
  readonly tags: readonly string[];
  /** Whether the main tag points at something new. */
  readonly changed: boolean;
}

export interface PushRecord {
  readonly images: readonly PushedImage[];
}

/** Whose turn has not come in this run. */
export interface HeldRecord {
  /** Images that are left alone, since what they are built on is about to change. */
  readonly images: readonly { readonly name: string; readonly reason: string }[];
  /** Names of images that have failed for so long that the others are built on what is published of them. */
  readonly lastGood?: readonly string[];
}

/** The files of the run folder, by step. */
export interface Records {
  readonly held: HeldRecord;
  readonly render: RenderRecord;
  readonly spec: TestRecord;
  readonly build: BuildRecord;
  readonly integration: TestRecord;
  readonly push: PushRecord;
}
