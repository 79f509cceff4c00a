/** Makes repositories look now: events that start their workflows. */
import type { Problem } from '../problems.ts';
import { type GitHub, messageOf } from './client.ts';
import { splitRepository } from './names.ts';

export interface DispatchOutcome {
  /** `owner/name`. */
  readonly repository: string;
  readonly sent: boolean;
  /** Why it was not sent, and what to do. */
  readonly problem?: Problem;
  /** One of GitHub's limits is reached, so that others would not be sent either. */
  readonly limited?: boolean;
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
  return outcomeOf(repository, status, messageOf(data), {
    permission: 'contents: write',
    invalid: "its workflow has to be on the default branch, with 'repository_dispatch' and this event type under 'on:'",
  });
}

export interface WorkflowStart {
  readonly repository: string;
  /** Name of the workflow's file in `.github/workflows`. */
  readonly file: string;
  /** Branch to run on. */
  readonly branch: string;
  readonly inputs: Readonly<Record<string, string>>;
}

/**
 * Starts one workflow with inputs.
 * https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event
 */
export async function startWorkflow(
  github: GitHub,
  { repository, file, branch, inputs }: WorkflowStart,
): Promise<DispatchOutcome> {
  const { owner, name } = splitRepository(repository);
  const { status, data } = await github.request(
    'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
    { owner, repo: name, workflow_id: file, ref: branch, inputs },
  );
  return outcomeOf(repository, status, messageOf(data), {
    permission: 'actions: write',
    invalid: `its workflow ${file} needs 'workflow_dispatch' under 'on:', with the inputs ${Object.keys(inputs).join(' and ')}`,
  });
}

interface Needs {
  readonly permission: string;
  /** What to do when GitHub calls the request invalid. */
  readonly invalid: string;
}

function outcomeOf(repository: string, status: number, said: string, needs: Needs): DispatchOutcome {
  if (status >= 200 && status < 300) return { repository, sent: true };
  // Both of GitHub's limits answer with 403 or 429, and say so in words.
  if (status === 429 || (status === 403 && /rate limit|abuse/i.test(said)))
    return {
      repository,
      sent: false,
      limited: true,
      problem: {
        message: `${repository} was not told: GitHub's limit for such requests is reached (${said})`,
        hint: 'the next reconcile tells it; nothing else is to be done',
      },
    };
  return { repository, sent: false, problem: explain(repository, status, said, needs) };
}

function explain(repository: string, status: number, said: string, { permission, invalid }: Needs): Problem {
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
          `installed there with the permission '${permission}'`,
      );
    case 422:
      return problem(`GitHub refuses the event (${said})`, invalid);
    default:
      return problem(`GitHub answers with status ${status} (${said})`, 'the next reconcile tries again');
  }
}
