import { parse } from 'yaml';
import { readCommit, readObject } from './git-objects.ts';
import { loginOf } from './identity.ts';
import { minimalRepository, nodeId, repositoryOfWebhook, sender, stableId } from './representations.ts';
import {
  type Answer,
  type CheckedCall,
  type Handler,
  objectBody,
  readable,
  refuse,
  refuseProblems,
  writable,
} from './rest-answers.ts';
import { findRepository, type Repository, type World } from './world.ts';

const folder = '.github/workflows';

const workflowDispatch: Handler = async (world, call) => {
  const repository = writable(world, call, 'actions');
  refuseProblems(call);
  const body = objectBody(call);
  const path = `${folder}/${call.params.workflow_id}`;
  const onDefault = await readObject(repository.folder, `refs/heads/${repository.defaultBranch}:${path}`);
  if (onDefault === undefined) refuse(404, 'Not Found');
  const ref = await resolveRef(repository, String(body.ref));
  const file = ref && (await readObject(repository.folder, `${ref}:${path}`));
  const commit = ref && (await readCommit(repository.folder, ref));
  if (!ref || !file || !commit) refuse(422, `No ref found for: ${body.ref}`);
  const inputs = checkInputs(file.content.toString(), record(body.inputs));
  if (body.return_run_details === true) {
    throw new Error('return_run_details is not supported: leave it out of the workflow dispatch');
  }
  world.emit({
    name: 'workflow_dispatch',
    repository: repository.fullName,
    ref,
    sha: commit.oid,
    payload: {
      inputs,
      ref,
      workflow: path,
      repository: repositoryOfWebhook(world, repository),
      ...sender(world, repository, loginOf(call.identity)),
    },
  });
  return { status: 204 };
};

async function resolveRef(repository: Repository, name: string): Promise<string | undefined> {
  for (const ref of name.startsWith('refs/') ? [name] : [`refs/heads/${name}`, `refs/tags/${name}`]) {
    if ((await readObject(repository.folder, ref)) !== undefined) return ref;
  }
  return undefined;
}

/** @returns the inputs that were given, with the defaults of the others */
function checkInputs(workflow: string, given: Record<string, unknown>): Record<string, unknown> {
  const on: unknown = record(parse(workflow)).on;
  const listed = on === 'workflow_dispatch' || (Array.isArray(on) && on.includes('workflow_dispatch'));
  if (!listed && !('workflow_dispatch' in record(on))) {
    refuse(422, "Workflow does not have 'workflow_dispatch' trigger");
  }
  const declared = record(record(record(on).workflow_dispatch).inputs);
  const unexpected = Object.keys(given).filter((name) => !(name in declared));
  if (unexpected.length > 0) refuse(422, `Unexpected inputs provided: ${JSON.stringify(unexpected)}`);
  const inputs: Record<string, unknown> = {};
  for (const [name, declaration] of Object.entries(declared)) {
    const { required, default: fallback } = record(declaration);
    const value = given[name] ?? fallback;
    if (value === undefined && required === true) refuse(422, `Required input '${name}' not provided`);
    if (value !== undefined) inputs[name] = String(value);
  }
  return inputs;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

const listRuns: Handler = (world, call) => runsOf(world, call, () => true);

const listWorkflowRuns: Handler = async (world, call) => {
  const repository = readable(world, call);
  const path = `${folder}/${call.params.workflow_id}`;
  const known = await readObject(repository.folder, `refs/heads/${repository.defaultBranch}:${path}`);
  const ran = [...world.runs.values()].some((run) => run.path === path && isOf(run, repository));
  if (known === undefined && !ran) refuse(404, 'Not Found');
  return runsOf(world, call, (run) => run.path === path);
};

type RunOf<Map> = Map extends ReadonlyMap<number, infer Run> ? Run : never;

function isOf(run: { repository: string }, repository: Repository): boolean {
  return run.repository.toLowerCase() === repository.fullName.toLowerCase();
}

async function runsOf(
  world: World,
  call: CheckedCall,
  wanted: (run: RunOf<World['runs']>) => boolean,
): Promise<Answer> {
  const repository = readable(world, call);
  refuseProblems(call);
  // No run of this GitHub says which pull requests it belongs to, so there is nothing to leave out.
  const { exclude_pull_requests: _, ...query } = call.query;
  const { branch, event, status, head_sha: sha, per_page: size = '30', page = '1', ...others } = query;
  const unsupported = Object.keys(others);
  if (unsupported.length > 0) throw new Error(`filters of runs that are not supported: ${unsupported.join(', ')}`);
  const runs = [...world.runs.values()]
    .filter((run) => isOf(run, repository) && wanted(run))
    .filter((run) => branch === undefined || run.headBranch === branch)
    .filter((run) => event === undefined || run.event === event)
    .filter((run) => sha === undefined || run.headSha === sha)
    .filter((run) => status === undefined || run.status === status || run.conclusion === status)
    .reverse();
  const count = Math.min(Number(size), 100);
  const start = (Number(page) - 1) * count;
  const shown = runs.slice(start, start + count);
  return {
    status: 200,
    body: { total_count: runs.length, workflow_runs: await Promise.all(shown.map((run) => representRun(world, run))) },
  };
}

async function representRun(world: World, run: RunOf<World['runs']>): Promise<object> {
  const [owner = '', name = ''] = run.repository.split('/');
  const repository = findRepository(world, owner, name);
  if (repository === undefined) refuse(404, 'Not Found');
  const commit = await readCommit(repository.folder, run.headSha);
  const url = `${world.urls.api}/repos/${repository.fullName}/actions/runs/${run.id}`;
  const workflow = stableId(`${repository.fullName}/${run.path}`);
  const suite = stableId(`suite ${run.id}`);
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('WFR', run.id),
    check_suite_id: suite,
    check_suite_node_id: nodeId('CS', suite),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.path,
    display_title: commit?.message.split('\n')[0] ?? run.name,
    run_number: run.id,
    run_attempt: 1,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: workflow,
    url,
    html_url: `${world.urls.server}/${repository.fullName}/actions/runs/${run.id}`,
    pull_requests: [],
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    run_started_at: run.createdAt,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${world.urls.api}/repos/${repository.fullName}/check-suites/${suite}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: null,
    workflow_url: `${world.urls.api}/repos/${repository.fullName}/actions/workflows/${workflow}`,
    head_commit: commit
      ? {
          id: commit.oid,
          tree_id: commit.tree,
          message: commit.message,
          timestamp: commit.committer.date,
          author: { name: commit.author.name, email: commit.author.email },
          committer: { name: commit.committer.name, email: commit.committer.email },
        }
      : null,
    repository: minimalRepository(world, repository),
    head_repository: minimalRepository(world, repository),
  };
}

export const actionsHandlers: Record<string, Handler> = {
  'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches': workflowDispatch,
  'GET /repos/{owner}/{repo}/actions/runs': listRuns,
  'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs': listWorkflowRuns,
};
