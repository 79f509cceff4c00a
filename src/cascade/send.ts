/** Sends what was decided, one after the other, and tells of what could not be sent. */
import { type DispatchOutcome, dispatch, type GitHub, startWorkflow } from '../github/index.ts';
import type { Problem } from '../problems.ts';
import type { Dispatch } from './decide.ts';
import type { RepositoryRuns } from './gather-runs.ts';
import { hearing, type Receiver } from './hearing.ts';
import type { Origin } from './origin.ts';
import { payloadOf } from './payload.ts';

export interface Dispatched extends Dispatch {
  /** `skipped` on a dry run; `left` for the next look, since there were too many. */
  readonly status: 'dispatched' | 'failed' | 'skipped' | 'left';
}

export interface Sent {
  readonly dispatched: readonly Dispatched[];
  /** Why some were not sent, and what to do. */
  readonly problems: readonly Problem[];
}

/** Sends one dispatch; a request that is refused is no error of the others. */
export type Send = (next: Dispatch) => Promise<DispatchOutcome>;

/**
 * GitHub asks for a second between writes, which the client keeps, and the most urgent come first. When a limit is
 * reached that does not pass within the client's patience, the rest would fail as well: it is left for the next look.
 */
export async function sendAll(dispatches: readonly Dispatch[], send: Send, log: (line: string) => void): Promise<Sent> {
  const dispatched: Dispatched[] = [];
  const problems: Problem[] = [];
  for (const [index, next] of dispatches.entries()) {
    const { sent, problem, limited = false } = await send(next);
    if (sent) log(`${next.repository} is told to look: ${next.reason}`);
    dispatched.push({ ...next, status: sent ? 'dispatched' : limited ? 'left' : 'failed' });
    if (limited) {
      const rest = dispatches.slice(index + 1);
      dispatched.push(...rest.map((one) => ({ ...one, status: 'left' as const })));
      problems.push(limitProblem(problem, rest));
      break;
    }
    if (problem !== undefined) problems.push(problem);
  }
  return { dispatched, problems };
}

function limitProblem(problem: Problem | undefined, rest: readonly Dispatch[]): Problem {
  const { message = "GitHub's limit is reached", ...more } = problem ?? {};
  const names = rest.slice(0, 10).map(({ repository }) => repository);
  const others = rest.length > names.length ? ` and ${rest.length - names.length} more` : '';
  return {
    ...more,
    message: rest.length === 0 ? message : `${message}, and neither were ${names.join(', ')}${others}`,
  };
}

export interface SendOptions {
  readonly github: GitHub;
  readonly origin: Origin;
  readonly eventType: string;
  /** What is known of repositories, by `owner/name`. */
  readonly runs: ReadonlyMap<string, RepositoryRuns>;
}

/** Tells a repository to look. Where its workflows are known and none would hear of it, that is said instead. */
export function sendEvent({ github, origin, eventType, runs }: SendOptions): Send {
  return async (next) => {
    const { repository } = next;
    const receivers = runs.get(repository)?.receivers;
    if (receivers !== undefined && hearing(receivers, eventType).length === 0)
      return { repository, sent: false, problem: nobodyHears(repository, eventType) };
    return dispatch(github, repository, eventType, payloadOf(next, origin));
  };
}

function nobodyHears(repository: string, eventType: string): Problem {
  return {
    message: `${repository} was not told: no workflow on its default branch is started by the event '${eventType}'`,
    hint: `add 'repository_dispatch: { types: [${eventType}] }' under 'on:' of its workflow, and merge it`,
  };
}

/** Inputs of a workflow that can build images although they are up to date. */
const forceInputs = ['images', 'force'] as const;

/** Has a repository build images although they are up to date, which no event can ask for. */
export function sendForced(
  github: GitHub,
  receivers: ReadonlyMap<string, readonly Receiver[]>,
  branches: ReadonlyMap<string, string>,
): Send {
  return async ({ repository, images }) => {
    const receiver = receivers
      .get(repository)
      ?.find(({ inputs }) => inputs !== undefined && forceInputs.every((name) => inputs.includes(name)));
    const branch = branches.get(repository);
    if (receiver === undefined || branch === undefined)
      return {
        repository,
        sent: false,
        problem: {
          message: `${repository} was not told: no workflow on its default branch takes the inputs 'images' and 'force'`,
          hint: "give its workflow both inputs under 'workflow_dispatch:', and hand them to the reusable workflow",
        },
      };
    return startWorkflow(github, {
      repository,
      file: receiver.file,
      branch,
      inputs: { images: images.join(','), force: 'true' },
    });
  };
}
