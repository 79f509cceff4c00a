import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Artifacts } from './artifact.ts';
import type { Caches } from './cache.ts';
import { githubContext, isFromFork, type RunIdentity } from './context.ts';
import { asString, evaluate, evaluateStrings, type Json } from './expressions.ts';
import { type JobFolders, type JobState, statusOf, stepScope } from './job-state.ts';
import { atTheVeryEnd } from './last-resort.ts';
import { createMasks } from './masks.ts';
import { killOrphans } from './orphans.ts';
import { milliseconds } from './step-record.ts';
import { runPostSteps, runStep } from './steps.ts';
import type { Conclusion, JobRun, RunnerOptions, StepRun } from './types.ts';
import { entries, type JobDefinition, type Workflow } from './workflow-file.ts';

/** How long a cancelled job may go on with steps that run `always()`, in milliseconds. */
const CANCEL_TIMEOUT = 5 * 60_000;
/** GitHub's limit for the outputs of a job. */
const OUTPUT_LIMIT = 1024 * 1024;

export interface JobRequest {
  run: RunIdentity;
  options: RunnerOptions;
  caches: Caches;
  artifacts: Artifacts;
  workflow: Workflow;
  definition: JobDefinition;
  name: string;
  /** Contexts inputs, matrix, needs, strategy and vars. */
  contexts: Record<string, Json>;
  secrets: Record<string, string>;
  signal: AbortSignal;
}

/** Runs the steps of one job in folders of its own, which are gone afterwards. */
export async function runJob(request: JobRequest): Promise<JobRun> {
  const { run, options, definition, name } = request;
  const root = await mkdtemp(join(await realpath(tmpdir()), 'image-cascade-job-'));
  const forget = atTheVeryEnd(() => rmSync(root, { recursive: true, force: true }));
  const cancelled = new AbortController();
  const hard = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  const cancel = (): void => {
    cancelled.abort();
    timers.push(setTimeout(() => hard.abort(), CANCEL_TIMEOUT));
  };
  if (request.signal.aborted) cancel();
  else request.signal.addEventListener('abort', cancel);
  const trackingId = `github_${randomUUID()}`;
  const steps: StepRun[] = [];
  const outputs: Record<string, string> = {};
  let conclusion: Conclusion = 'failure';
  try {
    const state = await prepare(request, root, { signal: cancelled.signal, hardSignal: hard.signal, trackingId });
    const minutes = definition.keys.get('timeout-minutes')?.value;
    const limit = minutes === undefined ? 360 : Number(evaluate(minutes, stepScope(state)));
    timers.push(setTimeout(cancel, milliseconds(limit)));
    for (const step of definition.steps) steps.push(await runStep(state, step));
    steps.push(...(await runPostSteps(state)));
    conclusion = statusOf(state);
    Object.assign(outputs, jobOutputs(state));
  } catch (error) {
    steps.push(brokenSetup(error));
  } finally {
    for (const timer of timers) clearTimeout(timer);
    request.signal.removeEventListener('abort', cancel);
    const orphans = await killOrphans(trackingId);
    if (orphans > 0)
      options.log(`${run.event.repository}: ${name}: ended ${orphans} processes that the job left behind`);
    await rm(root, { recursive: true, force: true, maxRetries: 3 });
    forget();
  }
  return { name, conclusion, outputs, steps };
}

async function prepare(
  request: JobRequest,
  root: string,
  own: Pick<JobState, 'signal' | 'hardSignal' | 'trackingId'>,
): Promise<JobState> {
  const { run, options, definition, workflow } = request;
  const repositoryName = run.event.repository.split('/')[1] ?? 'repository';
  const folders: JobFolders = {
    workspace: join(root, 'work', repositoryName, repositoryName),
    temp: join(root, 'work', '_temp'),
    tools: join(root, 'toolcache'),
    actions: join(root, 'work', '_actions'),
    home: join(root, 'home'),
  };
  for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true });
  const eventFolder = join(folders.temp, '_github_workflow');
  await mkdir(eventFolder);
  await writeFile(join(eventFolder, 'event.json'), JSON.stringify(run.event.payload, null, 2));
  const token = options.createJobToken(run.event.repository, { readOnly: isFromFork(run.event) });
  const debug = [request.secrets.ACTIONS_STEP_DEBUG, options.vars.ACTIONS_STEP_DEBUG].includes('true');
  const state: JobState = {
    definition,
    options,
    caches: request.caches,
    artifacts: request.artifacts,
    folders,
    masks: createMasks([token, ...Object.values(request.secrets)]),
    github: {
      ...githubContext(run),
      job: definition.id,
      token,
      event_path: join(eventFolder, 'event.json'),
      workspace: folders.workspace,
    },
    runner: {
      arch: process.arch === 'arm64' ? 'ARM64' : 'X64',
      environment: 'github-hosted',
      name: 'image-cascade local runner',
      os: 'Linux',
      temp: folders.temp,
      tool_cache: folders.tools,
      workspace: join(folders.workspace, '..'),
      ...(debug ? { debug: '1' } : {}),
    },
    fixed: { ...request.contexts, secrets: { ...request.secrets, GITHUB_TOKEN: token } },
    env: {},
    paths: [],
    steps: {},
    failed: false,
    defaults: {},
    posts: [],
    onLine: (step, text) => options.onStepLog?.({ run: run.id, job: request.name, step, text }),
    ...own,
  };
  for (const keys of [workflow.keys, definition.keys]) {
    Object.assign(state.env, evaluateStrings(keys.get('env')?.value, stepScope(state)));
    const defaults = entries(keys.get('defaults')?.value).get('run')?.value;
    const { shell, 'working-directory': workingDirectory } = evaluateStrings(defaults, stepScope(state));
    if (shell !== undefined) state.defaults.shell = shell;
    if (workingDirectory !== undefined) state.defaults.workingDirectory = workingDirectory;
  }
  checkMachine(state);
  return state;
}

/** @throws Error when a job wants a machine that this is not */
function checkMachine(state: JobState): void {
  const runsOn = state.definition.keys.get('runs-on')?.value;
  if (runsOn === undefined) return;
  const value = evaluate(runsOn, stepScope(state));
  const labels = (Array.isArray(value) ? value : [value]).map((label) => (label === null ? '' : asString(label)));
  const unsupported = labels.filter((label) => !isSupportedLabel(label));
  if (unsupported.length > 0) {
    throw new Error(`runs-on: no machine with the label '${unsupported.join("', '")}'; use ubuntu-latest`);
  }
}

/** Whether this machine stands in for one with the label. */
export function isSupportedLabel(label: string): boolean {
  return /^(ubuntu-.+|self-hosted|linux|x64|arm64)$/i.test(label);
}

function jobOutputs(state: JobState): Record<string, string> {
  const found = evaluateStrings(state.definition.keys.get('outputs')?.value, stepScope(state));
  const outputs: Record<string, string> = {};
  for (const [name, value] of Object.entries(found)) {
    if (value === '') continue;
    if (state.masks.found(value)) {
      state.onLine('Complete job', `##[warning]Skip output '${name}' since it may contain secret.`);
    } else outputs[name] = value;
  }
  const size = Buffer.byteLength(JSON.stringify(outputs));
  if (size > OUTPUT_LIMIT) throw new Error(`the job's outputs have ${size} bytes; GitHub allows ${OUTPUT_LIMIT}`);
  return outputs;
}

export function brokenSetup(error: unknown): StepRun {
  const message = error instanceof Error ? error.message : String(error);
  return {
    name: 'Set up job',
    conclusion: 'failure',
    outcome: 'failure',
    outputs: {},
    summary: '',
    annotations: [{ level: 'error', message }],
    log: `##[error]${message}`,
    durationMs: 0,
  };
}
