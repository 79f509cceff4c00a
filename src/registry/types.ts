/** What the registry client offers; formats are those of the OCI distribution and image specifications 1.1. */
import type { Readable } from 'node:stream';
import type { Digest, Platform } from '../images/records.ts';

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly platform?: { readonly os: string; readonly architecture: string; readonly variant?: string };
  readonly annotations?: Readonly<Record<string, string>>;
  readonly artifactType?: string;
}

export interface Manifest {
  readonly descriptor: Descriptor;
  /** The exact bytes that the digest is of. */
  readonly bytes: Uint8Array;
  /** Parsed: `manifests` for an index, `config` and `layers` for an image. */
  readonly manifests?: readonly Descriptor[];
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
  readonly subject?: Descriptor;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The `config` part of an image configuration: https://github.com/opencontainers/image-spec/blob/main/config.md */
export interface ImageConfig {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly created?: string;
  readonly config?: Readonly<Record<string, unknown>> & { readonly Labels?: Readonly<Record<string, string>> | null };
}

/** What a tag points at: `digest` is what was resolved, `platforms` the manifests under it (attestations left out). */
export interface ResolvedImage {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly platforms: Readonly<Record<Platform, Digest>>;
}

export interface ResolveOptions {
  /** Fetch what a tag points at without a HEAD before: one request less, which registries that ration pulls count. */
  readonly direct?: boolean;
}

/** A repository is `registry/path`; `tagOrDigest` is a tag or a `sha256:` digest. Absent things are `undefined`. */
export interface Registry {
  /** HEAD: the descriptor of a manifest. */
  head(repository: string, tagOrDigest: string): Promise<Descriptor | undefined>;
  manifest(repository: string, tagOrDigest: string): Promise<Manifest | undefined>;
  /**
   * As `manifest`, with one GET, and nothing is remembered of it: for those who read whole repositories. What is of an
   * unknown type comes without its parts.
   */
  readManifest(repository: string, tagOrDigest: string): Promise<Manifest | undefined>;
  /** A configuration by its digest, likewise; `undefined` also for what is none. */
  readConfig(repository: string, digest: Digest): Promise<ImageConfig | undefined>;
  /** What has a manifest as its subject; `undefined` from a registry that has no API for it. */
  referrers(repository: string, digest: Digest): Promise<readonly Descriptor[] | undefined>;
  /** The manifest digest of each platform. One GET for an index; a plain manifest needs its config for the platform. */
  resolve(repository: string, tagOrDigest: string, options?: ResolveOptions): Promise<ResolvedImage | undefined>;
  /** The configuration of an image, of the first platform when `tagOrDigest` is an index. */
  config(repository: string, tagOrDigest: string, platform?: Platform): Promise<ImageConfig | undefined>;
  /** PUT of manifest bytes under a tag (or its digest). Returns the digest the registry confirmed. */
  putManifest(repository: string, tagOrDigest: string, manifest: Manifest): Promise<Digest>;
  /** Points a further tag at a manifest that is in the repository already. */
  tag(repository: string, digest: Digest, tag: string): Promise<void>;
  /** The bytes of a blob as they arrive; the stream fails at its end when they are not what the digest says. */
  blob(repository: string, digest: Digest): Promise<Readable>;
  /** Uploads a blob unless it is there; `open` is called for each attempt. */
  putBlob(
    repository: string,
    descriptor: Pick<Descriptor, 'digest' | 'size'>,
    open: () => Promise<Readable>,
  ): Promise<void>;
  /** Copies a manifest with everything under it to another repository, of any registry, under a tag. */
  copy(from: { repository: string; tagOrDigest: string }, to: { repository: string; tag: string }): Promise<Digest>;
  /** All tags, page by page. */
  tags(repository: string): AsyncIterable<string>;
  /**
   * With all its tags; what is gone already counts as deleted.
   * @param tags that are known to point at it: a registry may delete tags only by their names
   */
  deleteManifest(repository: string, digest: Digest, tags?: readonly string[]): Promise<void>;
}
