import { callInputs, callSecrets } from './call.ts';
import { enterConcurrency } from './concurrency.ts';
import { githubContext, type RunIdentity } from './context.ts';
import { asString, evaluate, evaluateExpression, isTruthy, type Json, type Scope } from './expressions.ts';
import { statusFunctions } from './functions.ts';
import { brokenSetup, runJob } from './job.ts';
import type { LoadedWorkflow } from './load-workflow.ts';
import { type Combination, combinationSuffix, expandMatrix } from './matrix.ts';
import type { Scheduler } from './scheduler.ts';
import type { Conclusion, JobRun, RunnerOptions } from './types.ts';
import { entries, type JobDefinition, literal } from './workflow-file.ts';

/** Everything that the jobs of one workflow share, be it the run's own or a called one. */
export interface GraphRequest {
  run: RunIdentity;
  options: RunnerOptions;
  scheduler: Scheduler;
  workflow: LoadedWorkflow;
  inputs: Record<string, Json>;
  secrets: Record<string, string>;
  /** Names of the calling jobs, for the names of these. */
  prefix: string;
  /** Concurrency groups that the run holds already: to wait for one of them would be to wait for itself. */
  held: ReadonlySet<string>;
  signal: AbortSignal;
}

export interface GraphResult {
  conclusion: Conclusion;
  jobs: JobRun[];
  outputs: Record<string, string>;
}

/** Result of one job id, over all combinations of its matrix. */
interface Result {
  result: Conclusion;
  outputs: Record<string, string>;
  jobs: JobRun[];
  /** Ids of all jobs that it needs, directly or not. */
  ancestors: Set<string>;
}

/** Runs the jobs of a workflow, each as soon as those it needs have ended. */
export async function runGraph(request: GraphRequest): Promise<GraphResult> {
  const { workflow } = request;
  const results = new Map<string, Promise<Result>>();
  const resultOf = (id: string): Promise<Result> => {
    const known = results.get(id);
    if (known !== undefined) return known;
    const definition = workflow.jobs.find((job) => job.id === id);
    if (definition === undefined) throw new Error(`${workflow.file}: there is no job ${id}`);
    const promise = runDefinition(request, definition, resultOf);
    results.set(id, promise);
    return promise;
  };
  const all = await Promise.all(workflow.jobs.map((job) => resultOf(job.id)));
  const jobs = Object.fromEntries(
    workflow.jobs.map((job, index) => [
      job.id,
      { result: all[index]?.result ?? 'skipped', outputs: all[index]?.outputs ?? {} },
    ]),
  );
  const scope: Scope = { contexts: { ...baseContexts(request), jobs } };
  const outputs: Record<string, string> = {};
  for (const [name, token] of workflow.call?.outputs ?? []) outputs[name] = asString(evaluate(token, scope));
  return {
    conclusion: combine(all.map((result) => result.result)),
    jobs: all.flatMap((result) => result.jobs),
    outputs,
  };
}

async function runDefinition(
  request: GraphRequest,
  definition: JobDefinition,
  resultOf: (id: string) => Promise<Result>,
): Promise<Result> {
  const needed = await Promise.all(definition.needs.map(resultOf));
  const ancestors = new Set([...definition.needs, ...needed.flatMap((result) => [...result.ancestors])]);
  const states = (await Promise.all([...ancestors].map(resultOf))).map((result) => result.result);
  const needs = Object.fromEntries(
    definition.needs.map((id, index) => [
      id,
      { result: needed[index]?.result ?? 'skipped', outputs: needed[index]?.outputs ?? {} },
    ]),
  );
  const contexts = { ...baseContexts(request), needs };
  const functions = statusFunctions({
    success: () => !request.signal.aborted && states.every((state) => state === 'success'),
    failure: () => !request.signal.aborted && states.includes('failure'),
    cancelled: () => request.signal.aborted,
  });
  const plain = request.prefix + (literal(definition.keys, 'name') ?? definition.id);
  const ended = (result: Conclusion, jobs: JobRun[], outputs = {}): Result => ({ result, outputs, jobs, ancestors });
  const alone = (conclusion: Conclusion, error?: unknown): Result =>
    ended(conclusion, [
      { name: plain, conclusion, outputs: {}, steps: error === undefined ? [] : [brokenSetup(error)] },
    ]);
  try {
    if (!isTruthy(evaluateExpression(definition.condition, { contexts, functions }))) {
      return alone(request.signal.aborted ? 'cancelled' : 'skipped');
    }
    const strategy = entries(definition.keys.get('strategy')?.value);
    const matrix = strategy.get('matrix')?.value;
    const combinations = matrix === undefined ? [{}] : expandMatrix(evaluate(matrix, { contexts }));
    const value = (key: string, preset: Json): Json => {
      const token = strategy.get(key)?.value;
      return token === undefined ? preset : evaluate(token, { contexts });
    };
    const failFast = isTruthy(value('fail-fast', true));
    const maxParallel = Number(value('max-parallel', combinations.length)) || combinations.length;
    const stop = new AbortController();
    const runs = await inParallel(combinations, maxParallel, async (combination, index) => {
      const own = {
        ...contexts,
        matrix: combination,
        strategy: {
          'fail-fast': failFast,
          'job-index': index,
          'job-total': combinations.length,
          'max-parallel': maxParallel,
        },
      };
      const result = await runCombination(
        request,
        definition,
        own,
        combination,
        AbortSignal.any([request.signal, stop.signal]),
      );
      if (result.result === 'failure' && failFast) stop.abort();
      return result;
    });
    return ended(
      combine(runs.map((run) => run.result)),
      runs.flatMap((run) => run.jobs),
      Object.assign({}, ...runs.map((run) => run.outputs)),
    );
  } catch (error) {
    return alone('failure', error);
  }
}

async function runCombination(
  request: GraphRequest,
  definition: JobDefinition,
  contexts: Record<string, Json>,
  combination: Combination,
  signal: AbortSignal,
): Promise<Omit<Result, 'ancestors'>> {
  const { options, run, scheduler, workflow } = request;
  const nameToken = definition.keys.get('name')?.value;
  const name =
    request.prefix +
    (nameToken === undefined ? definition.id : asString(evaluate(nameToken, { contexts }))) +
    (nameToken?.isExpression ? '' : combinationSuffix(combination));
  const single = (job: JobRun): Omit<Result, 'ancestors'> => ({
    result: job.conclusion,
    outputs: job.outputs,
    jobs: [job],
  });
  const concurrency = definition.keys.get('concurrency')?.value;
  const place = await enterConcurrency(concurrency, { ...request, contexts, signal });
  if (place === undefined) return single({ name, conclusion: 'cancelled', outputs: {}, steps: [] });
  try {
    const called = workflow.called.get(definition.id);
    if (called !== undefined) return await runCalled({ ...request, ...place }, definition, called, contexts, name);
    const job = await scheduler.onMachine(() =>
      runJob({
        run,
        options,
        caches: scheduler.caches,
        artifacts: scheduler.artifacts,
        workflow,
        definition,
        name,
        contexts,
        secrets: request.secrets,
        signal: place.signal,
      }),
    );
    options.log(`${run.event.repository}: ${run.workflowName} #${run.number}: ${name}: ${job.conclusion}`);
    const tolerant = definition.keys.get('continue-on-error')?.value;
    const tolerated =
      tolerant !== undefined && job.conclusion === 'failure' && isTruthy(evaluate(tolerant, { contexts }));
    return { ...single(job), result: tolerated ? 'success' : job.conclusion };
  } finally {
    place.release();
  }
}

async function runCalled(
  request: GraphRequest,
  definition: JobDefinition,
  called: LoadedWorkflow,
  contexts: Record<string, Json>,
  name: string,
): Promise<Omit<Result, 'ancestors'>> {
  const inputs = callInputs(definition, called, { contexts });
  const secrets = callSecrets(definition, request.secrets, { contexts: { ...contexts, secrets: request.secrets } });
  const own = { ...request, workflow: called, inputs, secrets, prefix: `${name} / ` };
  const place = await enterConcurrency(called.keys.get('concurrency')?.value, { ...own, contexts: baseContexts(own) });
  if (place === undefined) {
    return { result: 'cancelled', outputs: {}, jobs: [{ name, conclusion: 'cancelled', outputs: {}, steps: [] }] };
  }
  try {
    const { conclusion, jobs, outputs } = await runGraph({ ...own, held: place.held, signal: place.signal });
    return { result: conclusion, jobs, outputs };
  } finally {
    place.release();
  }
}

function baseContexts(request: GraphRequest): Record<string, Json> {
  return { github: githubContext(request.run), inputs: request.inputs, vars: request.options.vars };
}

function combine(conclusions: Conclusion[]): Conclusion {
  if (conclusions.includes('failure')) return 'failure';
  if (conclusions.includes('cancelled')) return 'cancelled';
  return conclusions.every((conclusion) => conclusion === 'skipped') && conclusions.length > 0 ? 'skipped' : 'success';
}

async function inParallel<T, R>(items: T[], limit: number, work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++)
      results[index] = await work(items[index] as T, index);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
