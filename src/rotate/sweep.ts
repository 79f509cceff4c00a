/**
 * Carries a plan out: one deletion after the other, in the plan's order, each written down. Whoever stops it anywhere
 * leaves nothing broken, and the next run goes on.
 */
import type { Digest } from '../images/records.ts';
import {
  type DeletedManifest,
  type Listing,
  planRotation,
  type RepositoryInput,
  type RotationPlan,
} from '../retention/index.ts';
import type { Deletion, RecordWriter } from './record.ts';
import type { Removal, StoreOf } from './store.ts';

export interface Sweep {
  readonly inputs: readonly RepositoryInput[];
  readonly plan: RotationPlan;
  /** The time that the plan was made for. */
  readonly plannedAt: Date;
  readonly store: StoreOf;
  readonly record: RecordWriter;
  readonly now: () => number;
  /** No deletion begins later: milliseconds since 1970. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

export interface Swept {
  /** Why it ended before the plan did, in words; absent when it did not. */
  readonly stopped?: string;
}

/** Deletions between two looks at what others did: a look costs at most a twentieth of them. */
const deletionsForLook = 20;
const mostFailuresInARow = 5;

export async function sweep(work: Sweep): Promise<Swept> {
  const retagged = new Set<Digest>();
  for (const { repository } of work.plan.repositories) {
    const stopped = await sweepRepository(work, repository, retagged);
    if (stopped !== undefined) return { stopped };
  }
  return {};
}

/** @param retagged grows: a digest that stays in one repository stays in all plans that are made from then on */
async function sweepRepository(
  { inputs, plan, plannedAt, store: storeOf, record, now, deadline, signal, log }: Sweep,
  repository: string,
  retagged: Set<Digest>,
): Promise<string | undefined> {
  const store = storeOf(repository);
  const input = inputs.find(({ listing }) => listing.repository === repository);
  const todo = record.deletions.filter((deletion) => deletion.repository === repository);
  if (input === undefined || todo.length === 0) return undefined;
  const needed = new Set<Digest>();
  let going = deletedIn(plan, repository);
  let untilLook = 0;
  let failures = 0;
  let complete = true;
  let takeBack: (() => Promise<void>) | undefined;
  for (const deletion of todo) {
    signal.throwIfAborted();
    if (now() >= deadline) return 'its time is up';
    if (untilLook <= 0) {
      const change = await store.changes(input.listing, input.mainTags);
      const fresh = [...change.retagged].filter((digest) => going.has(digest));
      for (const digest of fresh) retagged.add(digest);
      if (fresh.length > 0) going = deletedIn(planRotation(inputs, plannedAt, retagged), repository);
      untilLook = deletionsForLook * change.requests;
    }
    if (!going.has(deletion.digest) || needed.has(deletion.digest)) {
      const problem = going.has(deletion.digest)
        ? 'what stays needs it'
        : 'it, or what it belongs to, got a tag since the listing';
      record.set(deletion, { status: 'left', problem });
      log(`${nameOf(deletion)} stays: ${problem}`);
      keepBelow(input.listing, deletion.digest, needed);
      continue;
    }
    takeBack ??= await store.announce?.(input.listing, [...going.values()]);
    const removal = await store.remove(repository, deletion.digest, deletion.tags);
    untilLook -= 1;
    if (removal.status === 'limited') return `the store takes no more for now (${removal.reason})`;
    note(deletion, removal, { record, now, log });
    const failed = removal.status === 'failed';
    complete &&= !failed;
    if (failed || removal.status === 'refused') keepBelow(input.listing, deletion.digest, needed);
    failures = failed ? failures + 1 : 0;
    if (failures >= mostFailuresInARow) return `${failures} deletions in a row failed`;
  }
  if (complete) await takeBack?.();
  return undefined;
}

function note(
  deletion: Deletion,
  removal: Exclude<Removal, { status: 'limited' }>,
  { record, now, log }: Pick<Sweep, 'record' | 'now' | 'log'>,
): void {
  if (removal.status === 'deleted' || removal.status === 'gone') {
    record.set(deletion, { status: removal.status, deletedAt: new Date(now()).toISOString() });
    log(`${nameOf(deletion)} deleted: ${deletion.reason}`);
  } else {
    record.set(deletion, { status: removal.status, problem: removal.reason });
    log(`${nameOf(deletion)} stays: ${removal.reason}`);
  }
}

function deletedIn(plan: RotationPlan, repository: string): ReadonlyMap<Digest, DeletedManifest> {
  const own = plan.repositories.find((candidate) => candidate.repository === repository);
  return new Map(own?.deleted.map((manifest) => [manifest.digest, manifest]));
}

/** What a manifest that stays refers to must stay as well. */
function keepBelow(listing: Listing, digest: Digest, needed: Set<Digest>): void {
  const manifests = new Map(listing.manifests.map((manifest) => [manifest.digest, manifest]));
  const queue = [digest];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const manifest = manifests.get(next);
    if (manifest === undefined) continue;
    for (const below of [...manifest.children, ...(manifest.subject === undefined ? [] : [manifest.subject])])
      if (!needed.has(below)) {
        needed.add(below);
        queue.push(below);
      }
  }
}

function nameOf({ repository, digest, tags }: Deletion): string {
  return `${repository}@${digest.slice(0, 19)}${tags.length === 0 ? '' : ` (${tags.join(', ')})`}`;
}
