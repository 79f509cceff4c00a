/** One rotation: list everything, plan, look whether anybody can have meant that, delete, and say what came of it. */
import { deleteStoredItem, type GitHub, listStoredItems, readBranches } from '../github/index.ts';
import { type Problem, problemsOf } from '../problems.ts';
import { guardProblems, planRotation, type RepositoryInput, type RotationPlan } from '../retention/index.ts';
import { gather, type ImageRepository, type Selection, selectForRotation } from './gather.ts';
import { planLeftovers } from './leftovers.ts';
import { addReferrers, type ListingRegistry } from './list-repository.ts';
import { createRecord, type Deletion, type LeftoverDeletion, type RecordWriter } from './record.ts';
import type { StoreOf } from './store.ts';
import { type Sweep, sweep } from './sweep.ts';

export interface RotationRequest extends Selection {
  readonly dryRun: boolean;
  /** The largest part of a repository's manifests that may go, from 0 to 1. */
  readonly maxShare: number;
  /** No deletion begins later: milliseconds since 1970. */
  readonly deadline: number;
  /** Globs of the artifacts and caches of GitHub Actions that are looked at. */
  readonly artifacts: readonly string[];
  readonly caches: readonly string[];
  /** Where the deletion record goes. */
  readonly recordFile: string;
  /** Page of this run. */
  readonly run: string;
}

export interface Means {
  readonly github: GitHub;
  readonly registry: ListingRegistry;
  readonly store: StoreOf;
  /** Hears of the record as soon as it is there, so that it is whole however the run ends. */
  readonly onRecord: (record: RecordWriter) => void;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

export interface Rotation {
  readonly dryRun: boolean;
  /** What was done: that which is still there counts as kept. On a dry run, what would be done. */
  readonly plan: RotationPlan;
  /** By repository: what is only looked at has no place in a report. */
  readonly rotated: ReadonlySet<string>;
  readonly deletions: readonly Deletion[];
  readonly leftovers: readonly LeftoverDeletion[];
  /** Why it ended early, in words. */
  readonly stopped?: string;
  /** What nobody can have meant; nothing was deleted. */
  readonly refused: readonly Problem[];
  /** What could not be done. */
  readonly problems: readonly Problem[];
}

export async function rotate(request: RotationRequest, means: Means): Promise<Rotation> {
  const { dryRun, maxShare, deadline, recordFile, run } = request;
  const { store, registry, now, signal, log } = means;
  const plannedAt = new Date(now());
  const selected = await selectForRotation(request);
  const { inputs, plan } = await planWithReferrers(await gather(selected, store, log), plannedAt, registry);
  const refused = guardProblems(plan, maxShare);
  const { leftovers, problems } = await gatherLeftovers(request, means, plannedAt);
  const record = createRecord(
    recordFile,
    {
      version: 1,
      run,
      startedAt: plannedAt.toISOString(),
      dryRun,
      deletions: deletionsOf(plan, store),
      leftovers,
    },
    now,
  );
  means.onRecord(record);
  const rotated = new Set(selected.flatMap(({ image, rotate: rotates }) => (rotates ? [image.repository] : [])));
  const common = { dryRun, rotated, refused };
  if (dryRun || refused.length > 0) {
    const all = dryRun ? problems : [...refused, ...problems];
    return { ...common, plan, deletions: record.deletions, leftovers: record.leftovers, problems: all };
  }
  const ended = await deleteAll({ inputs, plan, plannedAt, store, record, now, deadline, signal, log }, means);
  return {
    ...common,
    plan: planAsDone(inputs, plannedAt, record.deletions, plan),
    deletions: record.deletions,
    leftovers: record.leftovers,
    ...(ended.stopped === undefined ? {} : { stopped: ended.stopped }),
    problems: [...problems, ...ended.problems, ...problemsOfDeletions(record)],
  };
}

/** What breaks off half-way is told with what was done until then. */
async function deleteAll(
  work: Sweep,
  means: Means,
): Promise<{ readonly stopped?: string | undefined; readonly problems: readonly Problem[] }> {
  const { record, signal, deadline } = work;
  try {
    const { stopped } = await sweep(work);
    return { stopped: stopped ?? (await deleteLeftovers(record, means, deadline)), problems: [] };
  } catch (error) {
    signal.throwIfAborted();
    const problems = problemsOf(error);
    return { stopped: problems[0]?.message ?? 'it failed', problems };
  } finally {
    record.flush();
  }
}

/** Who refers to a manifest is asked where the answer matters: of those that would go. */
async function planWithReferrers(
  listed: readonly RepositoryInput[],
  plannedAt: Date,
  registry: ListingRegistry,
): Promise<{ readonly inputs: readonly RepositoryInput[]; readonly plan: RotationPlan }> {
  const plan = planRotation(listed, plannedAt);
  const inputs: RepositoryInput[] = [];
  for (const [at, input] of listed.entries()) {
    const deleted = plan.repositories[at]?.deleted.map(({ digest }) => digest) ?? [];
    inputs.push({ ...input, listing: await addReferrers(registry, input.listing, deleted) });
  }
  const isSame = inputs.every(({ listing }, at) => listing === listed[at]?.listing);
  return isSame ? { inputs: listed, plan } : { inputs, plan: planRotation(inputs, plannedAt) };
}

function deletionsOf(plan: RotationPlan, store: StoreOf): Deletion[] {
  return plan.repositories.flatMap(({ repository, deleted }) => {
    const { kind, versionOf } = store(repository);
    return deleted.map((manifest): Deletion => {
      const { digest, mediaType, tags, class: own, publishedAt, created, reason } = manifest;
      const version = versionOf(repository, digest);
      return {
        repository,
        store: kind,
        digest,
        mediaType,
        tags,
        ...(own === undefined ? {} : { class: own }),
        ...(publishedAt === undefined ? {} : { publishedAt }),
        ...(created === undefined ? {} : { created }),
        reason,
        ...(version === undefined ? {} : { version }),
        status: 'planned',
      };
    });
  });
}

/** The plan with what is still there among what is kept, so that counts and bytes are those of what went. */
function planAsDone(
  inputs: readonly RepositoryInput[],
  plannedAt: Date,
  deletions: readonly Deletion[],
  plan: RotationPlan,
): RotationPlan {
  const there = deletions.filter(({ status }) => status !== 'deleted' && status !== 'gone');
  return there.length === 0 ? plan : planRotation(inputs, plannedAt, new Set(there.map(({ digest }) => digest)));
}

function problemsOfDeletions({ deletions }: RecordWriter): Problem[] {
  return deletions.flatMap(({ repository, digest, status, problem }) =>
    status === 'failed'
      ? [
          {
            message: `${repository}@${digest.slice(0, 19)} is not deleted: ${problem ?? ''}`,
            hint: 'the next rotation tries again',
          },
        ]
      : [],
  );
}

async function gatherLeftovers(
  request: RotationRequest,
  { github }: Means,
  now: Date,
): Promise<{ readonly leftovers: LeftoverDeletion[]; readonly problems: readonly Problem[] }> {
  const { own, fleet, scope, artifacts, caches } = request;
  const sources: ImageRepository[] = [
    ...(own === undefined ? [] : [own]),
    ...(scope === 'fleet' ? fleet.filter(({ repository }) => repository !== own?.repository) : []),
  ];
  const leftovers: LeftoverDeletion[] = [];
  const problems: Problem[] = [];
  if (artifacts.length === 0 && caches.length === 0) return { leftovers, problems };
  for (const { repository, config } of sources) {
    try {
      const items = await listStoredItems(github, repository);
      const branches = await readBranches(github, repository);
      const found = planLeftovers({ items, branches, policy: config.retention, artifacts, caches }, now);
      leftovers.push(...found.map(({ item, reason }) => ({ ...item, repository, reason, status: 'planned' as const })));
    } catch (error) {
      problems.push(...problemsOf(error));
    }
  }
  return { leftovers, problems };
}

/** @returns why it ended before all are gone */
async function deleteLeftovers(
  record: RecordWriter,
  { github, now, log }: Means,
  deadline: number,
): Promise<string | undefined> {
  for (const [at, leftover] of record.leftovers.entries()) {
    if (now() >= deadline) return 'its time is up';
    const problem = await deleteStoredItem(github, leftover.repository, leftover);
    const name = `${leftover.kind} ${leftover.name} of ${leftover.repository}`;
    if (problem === undefined) record.setLeftover(at, { status: 'deleted' });
    else record.setLeftover(at, { status: 'failed', problem });
    log(problem === undefined ? `${name} deleted: ${leftover.reason}` : `${name} stays: ${problem}`);
  }
  return undefined;
}
