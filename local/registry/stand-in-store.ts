import { createHash } from 'node:crypto';

export interface StoredManifest {
  mediaType: string;
  bytes: Buffer;
  digest: string;
}

interface StoredRepository {
  blobs: Map<string, Buffer>;
  manifests: Map<string, StoredManifest>;
  tags: Map<string, string>;
  /** The tags of each manifest, and all of them in order until one changes: there may be a hundred thousand. */
  tagsOf: Map<string, Set<string>>;
  sorted?: string[] | undefined;
}

function setTag(repository: StoredRepository, tag: string, digest: string): void {
  repository.tagsOf.get(repository.tags.get(tag) ?? '')?.delete(tag);
  repository.tags.set(tag, digest);
  repository.tagsOf.set(digest, (repository.tagsOf.get(digest) ?? new Set()).add(tag));
  repository.sorted = undefined;
}

/** What a registry holds, in memory. */
export type Store = ReturnType<typeof createStore>;

/** An answer of the specification's error kind. */
export class RefusedError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

interface ManifestBody {
  mediaType?: string;
  artifactType?: string;
  config?: { digest: string; mediaType: string };
  layers?: { digest: string; urls?: string[] }[];
  manifests?: { digest: string }[];
  subject?: { digest: string };
  annotations?: Record<string, string>;
}

export function createStore() {
  const repositories = new Map<string, StoredRepository>();
  const find = (name: string): StoredRepository | undefined => repositories.get(name);
  const make = (name: string): StoredRepository => {
    const made = find(name) ?? { blobs: new Map(), manifests: new Map(), tags: new Map(), tagsOf: new Map() };
    repositories.set(name, made);
    return made;
  };

  return {
    blob: (name: string, digest: string) => find(name)?.blobs.get(digest),

    putBlob: (name: string, digest: string, bytes: Buffer): void => {
      if (sha256(bytes) !== digest)
        throw new RefusedError(400, 'DIGEST_INVALID', 'the digest is not that of the bytes');
      make(name).blobs.set(digest, bytes);
    },

    mount: (name: string, digest: string, from: string): boolean => {
      const bytes = find(from)?.blobs.get(digest);
      if (bytes !== undefined) make(name).blobs.set(digest, bytes);
      return bytes !== undefined;
    },

    manifest: (name: string, tagOrDigest: string): StoredManifest | undefined => {
      const repository = find(name);
      return repository?.manifests.get(repository.tags.get(tagOrDigest) ?? tagOrDigest);
    },

    /** As registries do: refuses a manifest before everything it refers to is there. Returns its subject too. */
    putManifest: (name: string, tagOrDigest: string, mediaType: string, bytes: Buffer) => {
      const repository = make(name);
      const digest = sha256(bytes);
      if (tagOrDigest.startsWith('sha256:') && tagOrDigest !== digest) {
        throw new RefusedError(400, 'DIGEST_INVALID', 'the digest is not that of the bytes');
      }
      const body = parse(bytes);
      const blobs = [...(body.config === undefined ? [] : [body.config]), ...(body.layers ?? [])];
      const lost = [
        ...blobs.filter((blob) => !('urls' in blob) && !repository.blobs.has(blob.digest)),
        ...(body.manifests ?? []).filter((child) => !repository.manifests.has(child.digest)),
      ];
      if (lost[0] !== undefined) throw new RefusedError(404, 'MANIFEST_BLOB_UNKNOWN', `${lost[0].digest} is unknown`);
      repository.manifests.set(digest, { mediaType, bytes, digest });
      if (!tagOrDigest.startsWith('sha256:')) setTag(repository, tagOrDigest, digest);
      return { digest, subject: body.subject?.digest };
    },

    /** In the order in which they were pushed, each with its tags. */
    manifests: (name: string) => {
      const repository = find(name);
      return [...(repository?.manifests.values() ?? [])].map((manifest) => ({
        ...manifest,
        tags: [...(repository?.tagsOf.get(manifest.digest) ?? [])],
      }));
    },

    /** Puts back what was deleted, with those of its tags that nothing else has taken. */
    restoreManifest: (name: string, manifest: StoredManifest, tags: readonly string[]): void => {
      const repository = make(name);
      repository.manifests.set(manifest.digest, manifest);
      for (const tag of tags) if (!repository.tags.has(tag)) setTag(repository, tag, manifest.digest);
    },

    deleteManifest: (name: string, digest: string): boolean => {
      const repository = find(name);
      if (repository === undefined) return false;
      for (const tag of repository.tagsOf.get(digest) ?? []) repository.tags.delete(tag);
      repository.tagsOf.delete(digest);
      repository.sorted = undefined;
      return repository.manifests.delete(digest);
    },

    /** In order; undefined for a repository that does not exist. */
    tags: (name: string): string[] | undefined => {
      const repository = find(name);
      if (repository === undefined) return undefined;
      repository.sorted ??= [...repository.tags.keys()].sort();
      return repository.sorted;
    },

    /** Descriptors of the manifests whose subject is `digest`. */
    referrers: (name: string, digest: string) =>
      [...(find(name)?.manifests.values() ?? [])].flatMap((manifest) => {
        const { subject, artifactType, config, annotations } = parse(manifest.bytes);
        if (subject?.digest !== digest) return [];
        const { mediaType, digest: own, bytes } = manifest;
        return [
          { mediaType, digest: own, size: bytes.length, artifactType: artifactType ?? config?.mediaType, annotations },
        ];
      }),
  };
}

function parse(bytes: Buffer): ManifestBody {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new RefusedError(400, 'MANIFEST_INVALID', 'the manifest is not JSON');
  }
}
