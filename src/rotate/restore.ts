/** Brings back what a rotation deleted, from its record: GHCR keeps what was deleted for 30 days. */
import { type GitHub, restoreVersion } from '../github/index.ts';
import { formatProblem, type Problem, problemsOf } from '../problems.ts';
import type { Registry } from '../registry/types.ts';
import { selectImages } from '../render/select.ts';
import type { ImageRepository } from './gather.ts';
import { createPackageFinder } from './packages-store.ts';
import type { Deletion, DeletionRecord } from './record.ts';

export interface Restoration {
  readonly deletion: Deletion;
  readonly status: 'restored' | 'present' | 'failed';
  /** Tags that point at it now. */
  readonly tags: readonly string[];
  /** Why it, or one of its tags, is not back. */
  readonly problem?: string;
}

export interface Restorer {
  readonly github: GitHub;
  readonly registry: Registry;
  /** Names or globs of the images to restore; none means all of the record. */
  readonly builds: { readonly own: ImageRepository | undefined; readonly texts: readonly string[] };
  readonly log: (line: string) => void;
}

/** Restores what went, last deleted first: nothing is back before what it refers to. */
export async function restore(record: DeletionRecord, means: Restorer): Promise<Restoration[]> {
  const { builds, log } = means;
  const chosen = await selectImages({ images: builds.own?.config.images ?? [] }, builds.texts);
  const repositories = builds.texts.length === 0 ? undefined : new Set(chosen.map(({ repository }) => repository));
  const wanted = record.deletions.filter(
    ({ repository, status }) =>
      (status === 'deleted' || status === 'planned') && (repositories === undefined || repositories.has(repository)),
  );
  const packages = createPackageFinder(means.github);
  const restorations: Restoration[] = [];
  for (const deletion of wanted.toReversed()) {
    const restoration = await restoreOne(deletion, means, packages);
    if (restoration.status === 'present' && deletion.status === 'planned') continue;
    const { repository, digest } = deletion;
    log(`${repository}@${digest.slice(0, 19)}: ${restoration.problem ?? restoration.status}`);
    restorations.push(restoration);
  }
  return restorations;
}

async function restoreOne(
  deletion: Deletion,
  { github, registry }: Restorer,
  packages: ReturnType<typeof createPackageFinder>,
): Promise<Restoration> {
  const { repository, digest, version } = deletion;
  const failed = (problem: string): Restoration => ({ deletion, status: 'failed', tags: [], problem });
  try {
    let status: Restoration['status'] = 'present';
    if ((await registry.head(repository, digest)) === undefined) {
      if (version === undefined) return failed('this registry keeps nothing of what was deleted: build it again');
      const outcome = await restoreVersion(github, await packages(repository), version);
      if (outcome.status === 'gone') return failed('GitHub keeps what was deleted for 30 days, and has it no more');
      if (outcome.status !== 'done') return failed(outcome.reason);
      status = 'restored';
    }
    const { tags, taken } = await putBackTags(registry, deletion);
    const problem =
      taken.length === 0 ? {} : { problem: `${taken.join(', ')} meanwhile points at another build, and stays there` };
    return { deletion, status, tags, ...problem };
  } catch (error) {
    return failed(problemsOf(error).map(formatProblem).join('; '));
  }
}

/** A tag that nothing has taken meanwhile comes back; no other is moved. */
async function putBackTags(
  registry: Registry,
  { repository, digest, tags }: Deletion,
): Promise<{ readonly tags: string[]; readonly taken: string[] }> {
  const back: string[] = [];
  const taken: string[] = [];
  for (const tag of tags) {
    const present = await registry.head(repository, tag);
    if (present !== undefined && present.digest !== digest) taken.push(tag);
    else {
      if (present === undefined) await registry.tag(repository, digest, tag);
      back.push(tag);
    }
  }
  return { tags: back, taken };
}

/** What is not back, for the end of the run. */
export function restoreProblems(restorations: readonly Restoration[]): Problem[] {
  return restorations.flatMap(({ deletion: { repository, digest }, status, problem }) =>
    status === 'failed' ? [{ message: `${repository}@${digest.slice(0, 19)} is not restored: ${problem ?? ''}` }] : [],
  );
}
