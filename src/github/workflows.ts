/** The workflows of many repositories, and their runs. */
import type { Problem } from '../problems.ts';
import { askInBatches, type Question } from './batch.ts';
import { type GitHub, isObject, messageOf } from './client.ts';
import { splitRepository } from './names.ts';

const repositoriesInQuery = 25;

/** Texts of the files in `.github/workflows` by file name, of each commit in the order asked. */
export async function readWorkflows(
  github: GitHub,
  commits: readonly { readonly repository: string; readonly head: string }[],
): Promise<ReadonlyMap<string, string>[]> {
  const questions = commits.map(({ repository, head }): Question => {
    const { owner, name } = splitRepository(repository);
    return (argument) => `repository(owner: ${argument(owner)}, name: ${argument(name)}) {
  object(expression: ${argument(`${head}:.github/workflows`)}) { ... on Tree { entries { name object { ... on Blob { text } } } } }
}`;
  });
  const replies = await askInBatches(github, 'Workflows', questions, repositoriesInQuery);
  return replies.map(({ data }) => {
    const entries = isObject(data?.object) && Array.isArray(data.object.entries) ? data.object.entries : [];
    return new Map(
      entries.filter(isObject).flatMap(({ name, object }) => {
        const text = isObject(object) ? object.text : undefined;
        return typeof name === 'string' && typeof text === 'string' ? [[name, text] as const] : [];
      }),
    );
  });
}

/** Times in milliseconds since 1970. */
export interface WorkflowRun {
  readonly id: string;
  readonly event: string;
  /** Commit that it ran for. */
  readonly revision: string;
  readonly running: boolean;
  /** `success`, `failure`, `cancelled`, `timed_out`, `skipped`, …; absent while it runs. */
  readonly conclusion?: string;
  readonly startedAt: number;
  readonly endedAt: number;
}

export interface RunsAnswer {
  /** Newest first. */
  readonly runs: readonly WorkflowRun[];
  /** Why they can't be read. */
  readonly problem?: Problem;
}

/** Enough for the failures of a month: there is less than one attempt a day after the first ones. */
const runsInAnswer = 30;

/**
 * The last runs of a workflow on a branch.
 * https://docs.github.com/en/rest/actions/workflow-runs#list-workflow-runs-for-a-workflow
 *
 * @param file name of the workflow's file in `.github/workflows`
 */
export async function listRuns(github: GitHub, repository: string, file: string, branch: string): Promise<RunsAnswer> {
  const { owner, name } = splitRepository(repository);
  const { status, data } = await github.request('GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs', {
    owner,
    repo: name,
    workflow_id: file,
    branch,
    per_page: runsInAnswer,
    exclude_pull_requests: true,
  });
  if (status === 200 && isObject(data) && Array.isArray(data.workflow_runs))
    return { runs: data.workflow_runs.filter(isObject).map(readRun) };
  return {
    runs: [],
    problem: {
      message: `the workflow runs of ${repository} can't be read: GitHub answers with status ${status} (${messageOf(data)})`,
      hint: "the token needs the permission 'actions: read' there; until then failures are not waited for",
    },
  };
}

function readRun(run: Readonly<Record<string, unknown>>): WorkflowRun {
  const { conclusion } = run;
  return {
    id: String(run.id),
    event: String(run.event),
    revision: String(run.head_sha),
    running: run.status !== 'completed',
    ...(typeof conclusion === 'string' ? { conclusion } : {}),
    startedAt: timeOf(run.run_started_at ?? run.created_at),
    endedAt: timeOf(run.updated_at),
  };
}

function timeOf(text: unknown): number {
  const time = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? 0 : time;
}
