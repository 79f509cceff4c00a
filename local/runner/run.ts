import { dispatchInputs } from './call.ts';
import { enterConcurrency } from './concurrency.ts';
import { githubContext, isFromFork, type RunIdentity } from './context.ts';
import { runGraph } from './graph.ts';
import { loadWorkflow } from './load-workflow.ts';
import { createScheduler } from './scheduler.ts';
import { openSource, type Source } from './source.ts';
import { skipsRuns, wantsEvent } from './triggers.ts';
import type { Conclusion, JobRun, RunnerOptions, WorkflowEvent, WorkflowRun } from './types.ts';
import { readWorkflow } from './workflow-file.ts';

const WORKFLOWS = '.github/workflows';

/**
 * Runs the workflows of a repository that an event starts, as they stand at the event's commit.
 *
 * A workflow that GitHub would not accept, or that uses what this runner does not support, is not run at all: its run
 * has the conclusion `failure` and says why in `errors`.
 *
 * @returns one run for each workflow that the event starts, when all have ended
 * @throws Error when the commit cannot be fetched, or this is not the Node.js that runs `node24` actions on GitHub
 */
export async function runWorkflows(event: WorkflowEvent, options: RunnerOptions): Promise<WorkflowRun[]> {
  if (!process.versions.node.startsWith('24.')) {
    throw new Error(`this is Node.js ${process.versions.node}; actions run on 24: start it with local/launch.mjs`);
  }
  if (skipsRuns(event)) return [];
  const token = options.createJobToken(event.repository, { readOnly: isFromFork(event) });
  const source = await openSource(event, { serverUrl: options.serverUrl, token, env: options.env });
  try {
    const files = (await source.list(WORKFLOWS)).filter((file) => /\.ya?ml$/.test(file)).sort();
    const scheduler = options.scheduler ?? createScheduler();
    const runs = await Promise.all(files.map((file) => runFile(file, source, event, { ...options, scheduler })));
    return runs.filter((run) => run !== undefined);
  } finally {
    await source.close();
  }
}

async function runFile(
  file: string,
  source: Source,
  event: WorkflowEvent,
  options: RunnerOptions & Required<Pick<RunnerOptions, 'scheduler'>>,
): Promise<WorkflowRun | undefined> {
  const { scheduler } = options;
  const content = (await source.read(file)) ?? '';
  const { workflow: header, problems: unreadable } = await readWorkflow(file, content);
  if (header !== undefined && !(await wantsEvent(header, event, () => source.changedPaths()))) return undefined;
  // GitHub shows a file that it cannot read as a failed run of the push that brought it.
  if (header === undefined && event.name !== 'push') {
    for (const problem of unreadable) options.log(`${event.repository}: ${problem}`);
    return undefined;
  }

  const run: RunIdentity = {
    event,
    id: scheduler.nextRunId(),
    number: scheduler.nextRunNumber(`${event.repository}\n${file}`),
    workflowName: header?.name ?? file,
    workflowFile: file,
    serverUrl: options.serverUrl,
    apiUrl: options.apiUrl,
    graphqlUrl: options.graphqlUrl,
  };
  const title = `${event.repository}: ${run.workflowName} #${run.number}`;
  const notify = (status: 'queued' | 'in_progress' | 'completed', conclusion?: Conclusion): void =>
    options.onRun?.({
      id: run.id,
      repository: event.repository,
      workflow: file,
      event: event.name,
      sha: event.sha,
      ref: event.ref,
      status,
      ...(conclusion === undefined ? {} : { conclusion }),
    });
  const end = (conclusion: Conclusion, jobs: JobRun[], errors: string[]): WorkflowRun => {
    for (const error of errors) options.log(`${title}: ${error}`);
    options.log(`${title}: ${conclusion}`);
    notify('completed', conclusion);
    const { id, workflowName: name } = run;
    return { id, repository: event.repository, event: event.name, workflow: file, name, conclusion, errors, jobs };
  };
  notify('queued');
  if (header === undefined) return end('failure', [], unreadable);
  const { workflow, problems } = await loadWorkflow(file, content, {
    suite: options.suite,
    suiteName: options.suiteName,
    read: (path) => source.read(path),
  });
  if (workflow === undefined) return end('failure', [], problems);
  const dispatched = dispatchInputs(workflow, event);
  if (dispatched.problems.length > 0) return end('failure', [], dispatched.problems);

  const { inputs } = dispatched;
  const request = {
    run,
    options,
    scheduler,
    workflow,
    inputs,
    secrets: isFromFork(event) ? {} : options.secrets,
    prefix: '',
    held: new Set<string>(),
    signal: options.signal ?? new AbortController().signal,
  };
  const contexts = { github: githubContext(run), inputs, vars: options.vars };
  try {
    const place = await enterConcurrency(workflow.keys.get('concurrency')?.value, { ...request, contexts });
    if (place === undefined) return end('cancelled', [], []);
    try {
      options.log(`${title}: started by ${event.name}`);
      notify('in_progress');
      const { conclusion, jobs } = await runGraph({ ...request, held: place.held, signal: place.signal });
      return end(conclusion, jobs, []);
    } finally {
      place.release();
    }
  } catch (error) {
    return end('failure', [], [`${file}:${error instanceof Error ? error.message : error}`]);
  }
}
