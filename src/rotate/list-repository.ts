/**
 * Everything that a repository of a registry holds. Registries list tags alone: what these point at is read, then what
 * that refers to, until nothing new turns up. Each tag and each manifest costs one request, and what is kept of a
 * manifest is small, so that repositories with a hundred thousand tags fit into memory.
 */
import { publicationArtifactType, readPublication } from '../images/publication.ts';
import type { Digest } from '../images/records.ts';
import type { Registry } from '../registry/index.ts';
import {
  append,
  type ListedManifest,
  type Listing,
  pendingArtifactType,
  readPending,
  tagKind,
} from '../retention/index.ts';
import { forEach } from './for-each.ts';
import { createBlobs, isRecord, listedManifest, usedLabels } from './listed-manifest.ts';
import type { ListManifests } from './listing.ts';

export type ListingRegistry = Pick<Registry, 'head' | 'readManifest' | 'readConfig' | 'referrers'>;

const concurrency = 16;

/** Reads whole repositories; what it throws means that a listing is not complete, and must not be acted on. */
export function createLister(registry: ListingRegistry): ListManifests {
  return async (repository, roots) => {
    const found = createFound(registry, repository, []);
    if ('tags' in roots) await readTags(registry, repository, roots.tags, found);
    else
      await forEach(roots.versions, concurrency, async ({ digest, tags, updatedAt }) => {
        await found.read(digest, updatedAt);
        for (const tag of tags) found.tag(tag, digest);
      });
    // What a signature belongs to may have no tag itself.
    await found.readAll(found.subjects);
    await found.readAll(found.pending);
    await found.follow(found.digests());
    return { repository, manifests: await withLabels(registry, repository, found) };
  };
}

/**
 * A listing with what has one of `digests`, or again one of those, as its subject. Registries with an API for referrers
 * need no tag for them, so no tag leads there; of those without one, the listing is complete already.
 */
export async function addReferrers(
  registry: ListingRegistry,
  listing: Listing,
  digests: readonly Digest[],
): Promise<Listing> {
  const { repository, manifests } = listing;
  const [first, ...others] = digests;
  const firstReferrers = first === undefined ? undefined : await registry.referrers(repository, first);
  // One answer tells for the whole registry.
  if (first === undefined || firstReferrers === undefined) return listing;
  const found = createFound(registry, repository, manifests);
  const asked = new Set([first]);
  const add = (referrers: readonly { readonly digest: Digest }[]): Promise<void> =>
    found.readAll(referrers.map(({ digest }) => digest));
  let before = new Set(found.digests());
  await add(firstReferrers);
  for (let next: readonly Digest[] = others; ; before = new Set(found.digests())) {
    await forEach(next, concurrency, async (digest) => {
      asked.add(digest);
      await add((await registry.referrers(repository, digest)) ?? []);
    });
    const fresh = (): Digest[] => found.digests().filter((digest) => !before.has(digest));
    await found.follow(fresh());
    next = fresh().filter((digest) => !asked.has(digest));
    if (next.length === 0) return { repository, manifests: found.list() };
  }
}

interface Found {
  digests(): readonly Digest[];
  /** What signatures and lists of referrers belong to, by their tags. */
  readonly subjects: Set<Digest>;
  /** What a rotation that ended half-way was about to delete. */
  readonly pending: Set<Digest>;
  /** Points a tag at a manifest, read or not. */
  tag(tag: string, digest: Digest): void;
  /** Reads a manifest, and gives its digest; `undefined` when there is none. */
  read(tagOrDigest: string, updatedAt?: string): Promise<Digest | undefined>;
  /** Reads those that are not known yet. */
  readAll(digests: Iterable<Digest>): Promise<void>;
  /** Reads all that manifests refer to, and what that refers to. */
  follow(digests: readonly Digest[]): Promise<void>;
  get(digest: Digest): ListedManifest | undefined;
  list(): ListedManifest[];
}

/** Tags may be found before and after what they point at is read. */
type Entry = Omit<ListedManifest, 'tags'> & { tags: string[] };

const untagged: string[] = [];

function createFound(registry: ListingRegistry, repository: string, start: readonly ListedManifest[]): Found {
  const blob = createBlobs();
  const known = (digest: Digest): Digest => manifests.get(digest)?.digest ?? digest;
  const manifests = new Map<Digest, Entry>(
    start.map((manifest) => [manifest.digest, { ...manifest, tags: [...manifest.tags] }]),
  );
  /** Of what is not read yet. */
  const waiting = new Map<Digest, string[]>();
  /** Referred to, and not there. */
  const missing = new Set<Digest>();
  const subjects = new Set<Digest>();
  const pending = new Set<Digest>();

  const read: Found['read'] = async (tagOrDigest, updatedAt) => {
    const manifest = await registry.readManifest(repository, tagOrDigest);
    if (manifest === undefined) return undefined;
    const { digest } = manifest.descriptor;
    const tags = manifests.get(digest)?.tags ?? waiting.get(digest) ?? untagged;
    const listed = listedManifest(manifest, { blob, known, tags, updatedAt });
    waiting.delete(digest);
    manifests.set(listed.digest, listed);
    if (listed.artifactType === pendingArtifactType)
      for (const digest of readPending(listed.annotations).keys()) pending.add(digest);
    return listed.digest;
  };
  const readAll: Found['readAll'] = (digests) => {
    const unknown = [...new Set(digests)].filter((digest) => !manifests.has(digest) && !missing.has(digest));
    return forEach(unknown, concurrency, async (digest) => {
      if ((await read(digest)) === undefined) missing.add(digest);
    });
  };
  return {
    digests: () => [...manifests.keys()],
    subjects,
    pending,
    tag(tag, digest) {
      const entry = manifests.get(digest);
      if (entry === undefined) waiting.set(digest, append(waiting.get(digest) ?? untagged, tag));
      else entry.tags = append(entry.tags, tag);
      const is = tagKind(tag);
      if (is.kind === 'belongs') subjects.add(is.subject);
    },
    read,
    readAll,
    async follow(digests) {
      for (let next = digests; next.length > 0; ) {
        const wanted = new Set<Digest>();
        for (const digest of next) {
          const { children = [], subject } = manifests.get(digest) ?? {};
          for (const child of children) wanted.add(child);
          if (subject !== undefined) wanted.add(subject);
        }
        const unknown = [...wanted].filter((digest) => !manifests.has(digest));
        await readAll(unknown);
        next = unknown.filter((digest) => manifests.has(digest));
      }
    },
    get: (digest) => manifests.get(digest),
    list: () => [...manifests.values()],
  };
}

/**
 * Reads what tags point at. Of the tags of a build one is enough to read it, and the answer to HEAD tells where the
 * others point: so the suite's tag of the build key is read, and what has a manifest of its own.
 */
async function readTags(
  registry: ListingRegistry,
  repository: string,
  tags: AsyncIterable<string>,
  found: Found,
): Promise<void> {
  const others: string[] = [];
  let builds = 0;
  await forEach(tags, concurrency, async (tag) => {
    const { kind } = tagKind(tag);
    const build = kind === 'memory' && tag.startsWith('k-');
    if (kind === 'user' || (kind === 'memory' && !build)) {
      others.push(tag);
      return;
    }
    if (build) builds += 1;
    const digest = await found.read(tag);
    if (digest !== undefined) found.tag(tag, digest);
  });
  const unread = new Set<Digest>();
  await forEach(others, concurrency, async (tag) => {
    // In a repository that the suite does not write, each tag most likely points at something else.
    const digest = builds === 0 ? await found.read(tag) : (await registry.head(repository, tag))?.digest;
    if (digest === undefined) return;
    found.tag(tag, digest);
    unread.add(digest);
  });
  await found.readAll(unread);
}

/** The labels of those builds that no record tells about. */
async function withLabels(
  registry: ListingRegistry,
  repository: string,
  found: Found,
): Promise<readonly ListedManifest[]> {
  const manifests = found.list();
  const recorded = new Set<Digest>();
  const listed = new Set<Digest>();
  for (const { children, artifactType, annotations = {} } of manifests) {
    const told = artifactType === publicationArtifactType && readPublication(annotations) !== undefined;
    if (told) for (const child of children) recorded.add(child);
    else if (!isRecord(artifactType)) for (const child of children) listed.add(child);
  }
  const isBuild = ({ digest, kind, tags, subject, artifactType }: ListedManifest): boolean => {
    if (kind === 'artifact' || recorded.has(digest) || isRecord(artifactType)) return false;
    if (tags.length === 0) return subject === undefined && !listed.has(digest);
    return tags.some((tag) => tagKind(tag).kind !== 'belongs');
  };
  const labels = new Map<Digest, Readonly<Record<string, string>>>();
  await forEach(manifests.filter(isBuild), concurrency, async (build) => {
    const { config } = firstImage(build, found) ?? {};
    if (config === undefined) return;
    const read = await registry.readConfig(repository, config.digest);
    labels.set(build.digest, usedLabels(read?.config?.Labels));
  });
  return manifests.map((manifest) => {
    const own = labels.get(manifest.digest);
    return own === undefined ? manifest : { ...manifest, labels: own };
  });
}

/** An image itself, of an index the first one in it. */
function firstImage(start: ListedManifest, manifests: Pick<Found, 'get'>): ListedManifest | undefined {
  const stack = [start];
  const seen = new Set<ListedManifest>();
  for (let manifest = stack.pop(); manifest !== undefined; manifest = stack.pop()) {
    if (manifest.kind === 'image') return manifest;
    if (seen.has(manifest)) continue;
    seen.add(manifest);
    for (const child of manifest.children.toReversed()) {
      const next = manifests.get(child);
      if (next !== undefined) stack.push(next);
    }
  }
  return undefined;
}
