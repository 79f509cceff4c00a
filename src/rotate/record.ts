/**
 * The record of a rotation: everything that it deletes, written down before the first deletion and kept up to date, so
 * that people can see what went, and bring it back where the store can.
 */
import { readFileSync } from 'node:fs';
import type { Digest } from '../images/records.ts';
import { isDigest } from '../images/reference.ts';
import { fail } from '../problems.ts';
import { writeRecordFile } from './record-file.ts';
import type { StoreKind } from './store.ts';

/**
 * `planned`: not reached, or the run ended before it could write what came of it. `left`: it got a tag meanwhile, or
 * something that stays needs it.
 */
export type DeletionStatus = 'planned' | 'deleted' | 'gone' | 'left' | 'refused' | 'failed';

export interface Deletion {
  /** `registry/path`. */
  readonly repository: string;
  readonly store: StoreKind;
  readonly digest: Digest;
  readonly mediaType: string;
  readonly tags: readonly string[];
  readonly class?: string;
  /** ISO 8601: when the build was published last, and when its commit was made. */
  readonly publishedAt?: string;
  readonly created?: string;
  readonly reason: string;
  /** Of GHCR: what restores it. */
  readonly version?: number;
  readonly status: DeletionStatus;
  /** ISO 8601. */
  readonly deletedAt?: string;
  /** Why it is still there. */
  readonly problem?: string;
}

/** An artifact or cache of GitHub Actions: nothing brings it back. */
export interface LeftoverDeletion {
  /** `owner/name`. */
  readonly repository: string;
  readonly kind: 'artifact' | 'cache';
  readonly id: number;
  readonly name: string;
  readonly ref?: string;
  /** ISO 8601. */
  readonly usedAt: string;
  /** Bytes. */
  readonly size: number;
  readonly reason: string;
  readonly status: Extract<DeletionStatus, 'planned' | 'deleted' | 'failed'>;
  readonly problem?: string;
}

export interface DeletionRecord {
  readonly version: 1;
  /** Page of the run, and when it began. */
  readonly run: string;
  readonly startedAt: string;
  readonly dryRun: boolean;
  /** In the order in which they go. */
  readonly deletions: readonly Deletion[];
  readonly leftovers: readonly LeftoverDeletion[];
}

export interface RecordWriter {
  readonly deletions: readonly Deletion[];
  readonly leftovers: readonly LeftoverDeletion[];
  /** Says what came of one. */
  set(deletion: Deletion, change: Pick<Deletion, 'status' | 'deletedAt' | 'problem'>): void;
  setLeftover(at: number, change: Pick<LeftoverDeletion, 'status' | 'problem'>): void;
  /** Brings the file up to date. */
  flush(): void;
}

const flushMs = 1000;
/** To write a record of many thousand deletions takes long: at most a twentieth of the time goes into it. */
const flushShare = 20;

/** Writes the file at once, then at most once a second; `flush` at the end. */
export function createRecord(file: string, record: DeletionRecord, now: () => number = Date.now): RecordWriter {
  const deletions = [...record.deletions];
  const leftovers = [...record.leftovers];
  const positions = new Map<string, Map<Digest, number>>();
  for (const [at, { repository, digest }] of deletions.entries()) {
    const own = positions.get(repository) ?? new Map<Digest, number>();
    positions.set(repository, own.set(digest, at));
  }
  let next = Number.NEGATIVE_INFINITY;
  const flush = (): void => {
    const began = now();
    writeRecordFile(file, { ...record, deletions, leftovers });
    next = now() + Math.max(flushMs, flushShare * (now() - began));
  };
  const flushSometimes = (): void => {
    if (now() >= next) flush();
  };
  flush();
  return {
    deletions,
    leftovers,
    set({ repository, digest }, change) {
      const at = positions.get(repository)?.get(digest);
      const deletion = at === undefined ? undefined : deletions[at];
      if (at === undefined || deletion === undefined) return;
      deletions[at] = { ...deletion, ...change };
      flushSometimes();
    },
    setLeftover(at, change) {
      const leftover = leftovers[at];
      if (leftover !== undefined) leftovers[at] = { ...leftover, ...change };
      flushSometimes();
    },
    flush,
  };
}

/** @throws ProblemsError for a file that is none */
export function readDeletionRecord(file: string): DeletionRecord {
  const hint = "name the file 'rotation.json' from the artifact of the run that deleted";
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    return fail(`the deletion record can't be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      hint,
      place: { file },
      cause,
    });
  }
  return isRecord(parsed) ? parsed : fail('this file is no deletion record', { hint, place: { file } });
}

function isRecord(value: unknown): value is DeletionRecord {
  if (typeof value !== 'object' || value === null || !('version' in value) || value.version !== 1) return false;
  return 'deletions' in value && Array.isArray(value.deletions) && value.deletions.every(isDeletion);
}

function isDeletion(value: unknown): value is Deletion {
  if (typeof value !== 'object' || value === null) return false;
  const { repository, store, digest, tags, status, version }: Record<string, unknown> = { ...value };
  return (
    typeof repository === 'string' &&
    (store === 'registry' || store === 'packages') &&
    typeof digest === 'string' &&
    isDigest(digest) &&
    Array.isArray(tags) &&
    tags.every((tag) => typeof tag === 'string') &&
    typeof status === 'string' &&
    (version === undefined || typeof version === 'number')
  );
}
