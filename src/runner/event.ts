/** What happened, and to which commit: read from the runner's environment and the event's payload. */
import { readFileSync } from 'node:fs';
import type { RunRef } from '../images/records.ts';
import { fail } from '../problems.ts';

/** The parts of a webhook payload that are looked at; all of it is data from outside. */
interface Payload {
  readonly client_payload?: unknown;
  readonly repository?: { readonly default_branch?: unknown };
  readonly pull_request?: {
    readonly head?: { readonly ref?: unknown; readonly repo?: { readonly full_name?: unknown } | null };
    readonly base?: { readonly repo?: { readonly full_name?: unknown } };
  };
}

/** @throws ProblemsError outside of a workflow run */
export function readEvent(environment: NodeJS.ProcessEnv = process.env): Omit<RunRef, 'committed'> {
  const variable = (name: string): string =>
    environment[name] ||
    fail(`${name} is not set`, { hint: 'run this as a step of a GitHub Actions workflow, or set the variable' });
  const payload = readPayload(environment.GITHUB_EVENT_PATH);
  const repository = variable('GITHUB_REPOSITORY');
  const server = environment.GITHUB_SERVER_URL || 'https://github.com';
  const runId = environment.GITHUB_RUN_ID || '0';
  const event = environment.GITHUB_EVENT_NAME || 'push';
  const { type, name } = refOf(environment.GITHUB_REF || 'refs/heads/main', payload);
  // A scheduled run is always of the default branch, and its payload does not say which that is.
  const defaultBranch = asText(payload.repository?.default_branch) ?? (event === 'schedule' ? name : 'main');
  return {
    event,
    name,
    type,
    defaultBranch,
    isDefaultBranch: type === 'branch' && name === defaultBranch,
    fork: isFork(payload),
    revision: variable('GITHUB_SHA'),
    repository,
    url: `${server}/${repository}`,
    runId,
    runUrl: `${server}/${repository}/actions/runs/${runId}`,
    ...(Number(environment.GITHUB_RUN_ATTEMPT) > 1 ? { rerun: true } : {}),
  };
}

/** What the sender of a `repository_dispatch` event put into it: anything at all, or nothing. */
export function readClientPayload(environment: NodeJS.ProcessEnv = process.env): unknown {
  return readPayload(environment.GITHUB_EVENT_PATH).client_payload;
}

function readPayload(path: string | undefined): Payload {
  if (path === undefined || path === '') return {};
  try {
    const payload: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof payload === 'object' && payload !== null ? payload : {};
  } catch {
    return {};
  }
}

function refOf(ref: string, payload: Payload): { type: RunRef['type']; name: string } {
  const [, kind, name] = /^refs\/(heads|tags|pull)\/(.+)$/.exec(ref) ?? [];
  if (kind === 'tags' && name !== undefined) return { type: 'tag', name };
  if (kind === 'pull' || payload.pull_request !== undefined)
    return { type: 'pull-request', name: asText(payload.pull_request?.head?.ref) ?? name ?? ref };
  return { type: 'branch', name: name ?? ref };
}

/** A deleted head repository counts as a fork: nothing says that it was ours. */
function isFork({ pull_request: pull }: Payload): boolean {
  if (pull === undefined) return false;
  const head = asText(pull.head?.repo?.full_name);
  return head === undefined || head !== asText(pull.base?.repo?.full_name);
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
