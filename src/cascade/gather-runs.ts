/** What the workflows of repositories have tried lately, asked where it decides something. */
import type { Attempts } from '../fleet/types.ts';
import { type GitHub, listRuns, type RepositoryHead, readWorkflows, type WorkflowRun } from '../github/index.ts';
import type { Problem } from '../problems.ts';
import { attemptsOf, secondsOfBuild } from './attempts.ts';
import type { Facts } from './facts.ts';
import { hearing, type Receiver } from './hearing.ts';
import { receiversOf } from './receivers.ts';

export interface RepositoryRuns {
  readonly attempts: Attempts;
  /** The workflows that a dispatch starts; empty: nobody would hear of it. */
  readonly receivers: readonly Receiver[];
}

export interface GatheredRuns {
  /** By `owner/name`. */
  readonly repositories: ReadonlyMap<string, RepositoryRuns>;
  readonly problems: readonly Problem[];
}

export interface RunsOptions {
  readonly github: GitHub;
  readonly facts: Facts;
  readonly eventType: string;
  /** Id of the run that asks. */
  readonly own: string;
}

/** Requests at the same time; GitHub bounds those of all that use the token. */
const mostRequests = 8;

/** Reads the workflows of each repository, then the runs of those that a dispatch starts. */
export async function gatherRuns(
  heads: readonly RepositoryHead[],
  { github, facts, eventType, own }: RunsOptions,
): Promise<GatheredRuns> {
  const receivers = await gatherReceivers(heads, github, facts);
  const repositories = new Map<string, RepositoryRuns>();
  const problems: Problem[] = [];
  const read = async ({ repository, defaultBranch }: RepositoryHead): Promise<void> => {
    const heard = hearing(receivers.get(repository) ?? [], eventType);
    const answers = await Promise.all(heard.map(({ file }) => listRuns(github, repository, file, defaultBranch)));
    const runs: WorkflowRun[] = answers.flatMap((answer) => answer.runs);
    problems.push(...answers.flatMap(({ problem }) => problem ?? []));
    const seconds = secondsOfBuild(runs);
    if (seconds !== undefined) facts.keepSeconds(repository, seconds);
    repositories.set(repository, { attempts: attemptsOf(runs, own), receivers: receivers.get(repository) ?? [] });
  };
  const queue = heads.values();
  const work = async (): Promise<void> => {
    for (const head of queue) await read(head);
  };
  await Promise.all(Array.from({ length: mostRequests }, work));
  return { repositories, problems: summarize(problems) };
}

/** The workflows of each repository that others can start, by `owner/name`. */
export async function gatherReceivers(
  heads: readonly RepositoryHead[],
  github: GitHub,
  facts: Facts,
): Promise<ReadonlyMap<string, readonly Receiver[]>> {
  const open = heads.filter(({ repository, head }) => facts.findCommit(repository, head)?.receivers === undefined);
  for (const [index, texts] of (await readWorkflows(github, open)).entries()) {
    const { repository = '', head = '' } = open[index] ?? {};
    facts.commit(repository, head).receivers = receiversOf(texts);
  }
  return new Map(
    heads.map(({ repository, head }) => [repository, facts.findCommit(repository, head)?.receivers ?? []]),
  );
}

/** A token without a permission lacks it for all repositories: that is one problem. */
function summarize(problems: readonly Problem[]): readonly Problem[] {
  const [first] = problems;
  if (first === undefined || problems.length === 1) return problems;
  return [{ ...first, message: `${first.message}, and those of ${problems.length - 1} more` }];
}
