/** What git says when it can't reach a repository, as a problem of the person who wrote `images.yaml`. */
import type { Place, Problem } from '../problems.ts';
import type { RunResult } from '../processes.ts';

/** Whether the same command may well work a moment later. */
export function isTransient(stderr: string): boolean {
  return /returned error: (?:429|5\d\d)|timed out|Connection (?:reset|refused)|early EOF|unexpected disconnect|Could not resolve host|RPC failed/i.test(
    stderr,
  );
}

export function remoteProblem(
  repository: string,
  { status, stderr }: RunResult,
  withToken: boolean,
  place: Place | undefined,
): [string, Omit<Problem, 'message'>] {
  const at = place === undefined ? {} : { place };
  if (status === 127) return ['git is not installed', { hint: 'use a runner image that has git', ...at }];
  if (
    /not found|returned error: 404|returned error: 40[13]|could not read Username|Authentication failed|terminal prompts disabled/i.test(
      stderr,
    )
  )
    return [
      `repository ${repository} can't be read`,
      {
        hint: withToken
          ? "check its name, and that 'token' may read its contents (a job's own token reaches its own repository only)"
          : "check its name; for a private repository give a 'token' that may read its contents",
        ...at,
      },
    ];
  if (/not our ref|unadvertised object|couldn't find remote ref/i.test(stderr))
    return [`repository ${repository} does not have this commit any more`, { hint: 'run the workflow again', ...at }];
  const reason =
    stderr
      .trim()
      .split('\n')
      .at(-1)
      ?.replace(/^fatal: /, '') ?? '';
  return [`repository ${repository} can't be reached: ${reason}`, { hint: 'run the workflow again later', ...at }];
}
