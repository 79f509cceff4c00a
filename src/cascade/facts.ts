/**
 * What a look learns that never changes, kept in a file from run to run: what a commit holds, and what a digest stands
 * for. With it, a look asks GitHub for heads and the registry for tags, and for the rest only where something changed.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { GitObject, RepositoryContent } from '../github/index.ts';
import type { Digest, Platform } from '../images/records.ts';
import type { Receiver } from './hearing.ts';

/** Of one commit of a repository. */
export interface CommitFacts {
  content?: RepositoryContent;
  /** By path; `null` stands for one that does not exist. */
  readonly objects: Map<string, GitObject | null>;
  receivers?: readonly Receiver[];
}

export interface DigestFacts {
  readonly platforms: Readonly<Record<Platform, Digest>>;
  /** The labels that tell what the image was built from; absent: not read yet. */
  readonly labels?: { readonly upstreams?: string; readonly revision?: string };
}

export interface Facts {
  commit(repository: string, commit: string): CommitFacts;
  findCommit(repository: string, commit: string): CommitFacts | undefined;
  /** Whether any commit of a repository is known. */
  hasRepository(repository: string): boolean;
  findDigest(digest: Digest): DigestFacts | undefined;
  keepDigest(digest: Digest, facts: DigestFacts): void;
  /** The digest that a reference had at the last look: a hint how best to ask, no answer. */
  lastDigest(reference: string): Digest | undefined;
  keepLastDigest(reference: string, digest: Digest): void;
  /** Seconds that builds in a repository took: an estimate. */
  seconds(repository: string): number | undefined;
  keepSeconds(repository: string, seconds: number): void;
  /** What was used last is kept, up to some 100,000 entries. */
  toJson(): string;
}

/** Changes when entries of older files would be misread. */
const format = 1;
const mostEntries = 100_000;

type StoredCommit = Omit<CommitFacts, 'objects'> & {
  readonly objects: readonly (readonly [string, GitObject | null])[];
};

interface Stored {
  readonly format: number;
  readonly commits: readonly (readonly [string, StoredCommit])[];
  readonly digests: readonly (readonly [Digest, DigestFacts])[];
  readonly tags: readonly (readonly [string, Digest])[];
  readonly seconds: readonly (readonly [string, number])[];
}

/** @param stored what `toJson` gave; anything else counts as nothing */
export function createFacts(stored?: string): Facts {
  const { commits: oldCommits, digests: oldDigests, tags: oldTags, seconds: oldSeconds } = parseStored(stored);
  // The order of a map is that of its last use.
  const commits = new Map(
    oldCommits.map(([key, { objects, ...rest }]): [string, CommitFacts] => [
      key,
      { ...rest, objects: new Map(objects) },
    ]),
  );
  const digests = new Map(oldDigests);
  const tags = new Map(oldTags);
  const seconds = new Map(oldSeconds);
  const repositories = new Set(oldCommits.map(([key]) => key.slice(0, key.indexOf('@'))));

  const use = <Value>(map: Map<string, Value>, key: string): Value | undefined => {
    const value = map.get(key);
    if (value !== undefined) put(map, key, value);
    return value;
  };
  const put = <Value>(map: Map<string, Value>, key: string, value: Value): void => {
    map.delete(key);
    map.set(key, value);
  };
  const keyOf = (repository: string, commit: string): string => `${repository.toLowerCase()}@${commit}`;

  return {
    commit(repository, commit) {
      const key = keyOf(repository, commit);
      const known = use(commits, key);
      if (known !== undefined) return known;
      const fresh: CommitFacts = { objects: new Map() };
      put(commits, key, fresh);
      repositories.add(repository.toLowerCase());
      return fresh;
    },
    findCommit: (repository, commit) => use(commits, keyOf(repository, commit)),
    hasRepository: (repository) => repositories.has(repository.toLowerCase()),
    findDigest: (digest) => use(digests, digest),
    keepDigest: (digest, facts) => put(digests, digest, facts),
    lastDigest: (reference) => tags.get(reference),
    keepLastDigest: (reference, digest) => put(tags, reference, digest),
    seconds: (repository) => use(seconds, repository.toLowerCase()),
    keepSeconds: (repository, value) => put(seconds, repository.toLowerCase(), value),
    toJson: () =>
      JSON.stringify({
        format,
        commits: [...commits]
          .slice(-mostEntries)
          .map(([key, { objects, ...rest }]) => [key, { ...rest, objects: [...objects] }] as const),
        digests: [...digests].slice(-mostEntries),
        tags: [...tags].slice(-mostEntries),
        seconds: [...seconds].slice(-mostEntries),
      } satisfies Stored),
  };
}

function parseStored(text: string | undefined): Stored {
  const nothing: Stored = { format, commits: [], digests: [], tags: [], seconds: [] };
  if (text === undefined) return nothing;
  try {
    const stored: unknown = JSON.parse(text);
    return isStored(stored) ? stored : nothing;
  } catch {
    return nothing;
  }
}

function isStored(value: unknown): value is Stored {
  if (typeof value !== 'object' || value === null || !('format' in value) || value.format !== format) return false;
  return (['commits', 'digests', 'tags', 'seconds'] as const).every((name) => {
    const list: unknown = Reflect.get(value, name);
    return Array.isArray(list) && list.every((entry) => Array.isArray(entry) && typeof entry[0] === 'string');
  });
}

/** The facts in a file; none when it is not there or can't be understood. */
export function readFacts(file: string): Facts {
  try {
    return createFacts(readFileSync(file, 'utf8'));
  } catch {
    return createFacts();
  }
}

export function writeFacts(file: string, facts: Facts): void {
  mkdirSync(dirname(file), { recursive: true });
  // A step that is killed while it writes must not leave half a file to the next run.
  writeFileSync(`${file}.new`, facts.toJson());
  renameSync(`${file}.new`, file);
}
