import { createHash } from 'node:crypto';
import type { Json } from './expressions.ts';
import { toJson } from './expressions.ts';
import type { WorkflowEvent } from './types.ts';

/** What one run of a workflow is, whichever of its jobs is looked at. */
export interface RunIdentity {
  event: WorkflowEvent;
  id: number;
  number: number;
  workflowName: string;
  workflowFile: string;
  serverUrl: string;
  apiUrl: string;
  graphqlUrl: string;
}

/** The members of the `github` context that the runner gives a step as GITHUB_ variables. */
const EXPORTED = [
  'action',
  'action_ref',
  'action_repository',
  'actor',
  'actor_id',
  'api_url',
  'base_ref',
  'env',
  'event_name',
  'event_path',
  'graphql_url',
  'head_ref',
  'job',
  'output',
  'path',
  'ref',
  'ref_name',
  'ref_protected',
  'ref_type',
  'repository',
  'repository_id',
  'repository_owner',
  'repository_owner_id',
  'retention_days',
  'run_attempt',
  'run_id',
  'run_number',
  'server_url',
  'sha',
  'state',
  'step_summary',
  'triggering_actor',
  'workflow',
  'workflow_ref',
  'workflow_sha',
  'workspace',
];

interface Payload {
  sender?: { login?: string; id?: number };
  repository?: { id?: number; owner?: { id?: number } };
  pull_request?: { head?: { ref?: string; repo?: { full_name?: string } | null }; base?: { ref?: string } };
}

/** The `github` context as far as it is the same for all jobs of a run. */
export function githubContext(run: RunIdentity): Record<string, Json> {
  const { event } = run;
  const payload = event.payload as Payload;
  const owner = event.repository.split('/')[0] ?? '';
  const actor = payload.sender?.login ?? owner;
  const pull = event.name.startsWith('pull_request') ? payload.pull_request : undefined;
  return {
    actor,
    actor_id: String(payload.sender?.id ?? numericId(actor)),
    triggering_actor: actor,
    api_url: run.apiUrl,
    graphql_url: run.graphqlUrl,
    server_url: run.serverUrl,
    base_ref: pull?.base?.ref ?? '',
    head_ref: pull?.head?.ref ?? '',
    event: toJson(event.payload),
    event_name: event.name,
    ref: event.ref,
    ref_name: event.ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    ref_protected: false,
    ref_type: event.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    repository: event.repository,
    repository_id: String(payload.repository?.id ?? numericId(event.repository)),
    repository_owner: owner,
    repository_owner_id: String(payload.repository?.owner?.id ?? numericId(owner)),
    repositoryUrl: `${run.serverUrl.replace(/^https?:/, 'git:')}/${event.repository}.git`,
    retention_days: '90',
    run_attempt: '1',
    run_id: String(run.id),
    run_number: String(run.number),
    secret_source: 'Actions',
    sha: event.sha,
    workflow: run.workflowName,
    workflow_ref: `${event.repository}/${run.workflowFile}@${event.ref}`,
    workflow_sha: event.sha,
  };
}

/** Whether an event comes from a pull request of a fork, where GitHub gives no secrets and a token that only reads. */
export function isFromFork(event: WorkflowEvent): boolean {
  if (event.name !== 'pull_request') return false;
  const head = (event.payload as Payload).pull_request?.head?.repo?.full_name;
  return head === undefined || head.toLowerCase() !== event.repository.toLowerCase();
}

/** GITHUB_ and RUNNER_ variables of a step. */
export function contextVariables(github: Record<string, Json>, runner: Record<string, Json>): Record<string, string> {
  const variables: Record<string, string> = { CI: 'true', GITHUB_ACTIONS: 'true' };
  for (const name of EXPORTED) {
    const value = github[name];
    if (typeof value === 'string' || typeof value === 'boolean')
      variables[`GITHUB_${name.toUpperCase()}`] = String(value);
  }
  for (const [name, value] of Object.entries(runner)) variables[`RUNNER_${name.toUpperCase()}`] = String(value);
  return variables;
}

/** A number that stands for a name, the same at every call, as GitHub's ids are. */
function numericId(name: string): number {
  return createHash('sha256').update(name).digest().readUInt32BE(0) >>> 1;
}
