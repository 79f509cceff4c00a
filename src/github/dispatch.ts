/** Tells repositories to look now: the `repository_dispatch` event. */
import type { Problem } from '../problems.ts';
import { type GitHub, messageOf } from './client.ts';
import { splitRepository } from './names.ts';

export interface DispatchOutcome {
  /** `owner/name`. */
  readonly repository: string;
  readonly sent: boolean;
  /** Why it was not sent, and what to do. */
  readonly problem?: Problem;
}

/**
 * Sends one event. GitHub's limits: the type has at most 100 characters, the payload at most 10 keys and less than 64 KB.
 * https://docs.github.com/en/rest/repos/repos#create-a-repository-dispatch-event
 */
export async function dispatch(
  github: GitHub,
  repository: string,
  eventType: string,
  payload: Readonly<Record<string, unknown>>,
): Promise<DispatchOutcome> {
  const { owner, name } = splitRepository(repository);
  const { status, data } = await github.request('POST /repos/{owner}/{repo}/dispatches', {
    owner,
    repo: name,
    event_type: eventType,
    client_payload: payload,
  });
  if (status >= 200 && status < 300) return { repository, sent: true };
  return { repository, sent: false, problem: explain(repository, status, messageOf(data)) };
}

function explain(repository: string, status: number, said: string): Problem {
  const problem = (why: string, hint: string): Problem => ({ message: `${repository} was not told: ${why}`, hint });
  switch (status) {
    case 401:
      return problem(`GitHub does not accept the token (${said})`, "set the input 'token' to a valid one");
    case 403:
    case 404:
      return problem(
        status === 404
          ? 'it does not exist, or the token has no access to it'
          : `the token may not write to it (${said})`,
        "the job's own GITHUB_TOKEN reaches no other repository: set the input 'token' to that of a GitHub App which is " +
          "installed there with the permission 'contents: write'",
      );
    case 422:
      return problem(
        `GitHub refuses the event (${said})`,
        "its workflow has to be on the default branch, with 'repository_dispatch' and this event type under 'on:'",
      );
    default:
      return problem(`GitHub answers with status ${status} (${said})`, 'the next reconcile tries again');
  }
}
