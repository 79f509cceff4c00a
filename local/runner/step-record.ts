import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { downloadSuite } from './actions.ts';
import { type CommandResults, commandReader } from './commands.ts';
import { contextVariables } from './context.ts';
import { evaluateExpression, isTruthy, type Json } from './expressions.ts';
import { createFileCommands } from './file-commands.ts';
import { type JobState, stepScope } from './job-state.ts';
import { TRACKING_VARIABLE } from './orphans.ts';
import { runStepProcess } from './step-process.ts';
import type { Annotation, Conclusion, StepRun } from './types.ts';

/** A step while it runs. */
export interface RunningStep {
  id: string;
  name: string;
  /** `env:` of the step. */
  env: Record<string, string>;
  outputs: Record<string, string>;
  /** What an action saved for its post step. */
  state: Record<string, string>;
  /** `continue-on-error` */
  tolerant: boolean;
  failed: boolean;
  /** Adds a line to the log. */
  show(line: string): void;
  annotate(level: Annotation['level'], message: string): void;
  /** Fails the step, with an annotation. */
  fail(message: string): void;
  timeoutAfter(minutes: number): void;
  /** Writes a script where the runner puts it. */
  writeScript(script: string): Promise<string>;
  /** The suite's files, as downloaded for this job. */
  suiteCopy(ref: string): Promise<string>;
  /** Runs a process with all variables of a step, and takes in what it printed and wrote into files. */
  process(title: string, args: string[], options: ProcessOptions): Promise<number>;
}

interface ProcessOptions {
  command: string;
  cwd: string;
  /** Members of the `github` context of this step alone. */
  github: Record<string, Json>;
  /** INPUT_ and STATE_ variables. */
  variables: Record<string, string>;
}

/** Minutes for a timer, which fires at once for more than it can hold. */
export function milliseconds(minutes: number): number {
  return Math.min(minutes * 60_000, 2 ** 31 - 1);
}

/** Ends the step with an error for its user. */
export function fail(message: string): never {
  throw new Error(message);
}

/** Runs the body of a step if its condition holds, and records what came of it. */
export async function runRecorded(
  job: JobState,
  step: { id: string; name: string; condition: string },
  body: (running: RunningStep) => Promise<void>,
): Promise<StepRun> {
  const begin = performance.now();
  const lines: string[] = [];
  const summaries: string[] = [];
  const commands: CommandResults = { annotations: [], outputs: {}, state: {}, refused: [] };
  const debug = job.runner.debug === '1';
  const read = commandReader(commands, { masks: job.masks, workspace: job.folders.workspace, debug });
  const append = (line: string): void => {
    lines.push(line);
    job.onLine(step.name, line);
  };
  const hardStop = new AbortController();
  let timedOut: number | undefined;
  let timer: NodeJS.Timeout | undefined;

  const running: RunningStep = {
    id: step.id,
    name: step.name,
    env: {},
    outputs: commands.outputs,
    state: commands.state,
    tolerant: false,
    failed: false,
    show: (line) => append(job.masks.hide(line)),
    annotate(level, message) {
      commands.annotations.push({ level, message: job.masks.hide(message) });
      running.show(`##[${level}]${message}`);
    },
    fail(message) {
      running.failed = true;
      running.annotate('error', message);
    },
    timeoutAfter(minutes) {
      timer = setTimeout(() => {
        timedOut = minutes;
        hardStop.abort();
      }, milliseconds(minutes));
    },
    async writeScript(script) {
      const file = join(job.folders.temp, `${randomUUID()}.sh`);
      await writeFile(file, script.endsWith('\n') ? script : `${script}\n`, { mode: 0o755 });
      return file;
    },
    async suiteCopy(ref) {
      const folder = join(job.folders.actions, job.options.suiteName, ref);
      return existsSync(folder) ? folder : downloadSuite(job.options.suite, folder);
    },
    process: runProcess,
  };

  async function runProcess(_title: string, args: string[], options: ProcessOptions): Promise<number> {
    const files = await createFileCommands(join(job.folders.temp, '_runner_file_commands'));
    const github = {
      ...job.github,
      ...options.github,
      action: step.id,
      output: files.paths.output,
      env: files.paths.env,
      path: files.paths.path,
      state: files.paths.state,
      step_summary: files.paths.step_summary,
    };
    const given: Record<string, string> = { ...job.options.env, HOME: job.folders.home, ...job.env, ...running.env };
    const env = {
      ...given,
      ...options.variables,
      ...contextVariables(github, job.runner),
      PATH: [...job.paths, given.PATH ?? process.env.PATH ?? ''].join(delimiter),
      [TRACKING_VARIABLE]: job.trackingId,
    };
    let status = await runStepProcess(options.command, args, {
      cwd: options.cwd,
      env,
      signal: AbortSignal.any([hardStop.signal, job.hardSignal]),
      onLine(line) {
        const shown = read(line);
        if (shown !== undefined) append(shown);
      },
    });
    const written = await files.read();
    Object.assign(commands.outputs, written.output);
    Object.assign(commands.state, written.state);
    Object.assign(job.env, written.env);
    job.paths.unshift(...written.path.reverse());
    if (written.summary !== '') summaries.push(job.masks.hide(written.summary));
    for (const error of written.errors) running.annotate('error', error);
    for (const problem of [...written.problems, ...commands.refused]) {
      running.annotate('error', problem);
      if (status === 0) status = 1;
    }
    if (wasEnded()) throw new Error('The operation was canceled.');
    return status;
  }

  const wasEnded = (): boolean => hardStop.signal.aborted || job.hardSignal.aborted;

  // A cancelled job ends the step that runs, unless its condition says that it is to run all the same.
  const onCancel = (): void => {
    if (!holds()) hardStop.abort();
  };
  const holds = (): boolean => isTruthy(evaluateExpression(step.condition, stepScope(job, { env: running.env })));

  let outcome: Conclusion = 'success';
  try {
    if (!holds()) return record('skipped', 'skipped');
    job.signal.addEventListener('abort', onCancel);
    await body(running);
    if (running.failed) outcome = 'failure';
  } catch (error) {
    outcome = 'failure';
    const message = error instanceof Error ? error.message : String(error);
    if (timedOut !== undefined) running.fail(`The action '${step.name}' has timed out after ${timedOut} minutes.`);
    else {
      running.fail(message);
      if (wasEnded()) outcome = 'cancelled';
    }
  } finally {
    clearTimeout(timer);
    job.signal.removeEventListener('abort', onCancel);
  }
  const conclusion = outcome === 'failure' && running.tolerant ? 'success' : outcome;
  if (conclusion === 'failure') job.failed = true;
  return record(outcome, conclusion);

  function record(outcomeNow: Conclusion, conclusion: Conclusion): StepRun {
    return {
      name: step.name,
      outcome: outcomeNow,
      conclusion,
      outputs: commands.outputs,
      summary: summaries.join(''),
      annotations: commands.annotations,
      log: lines.join('\n'),
      durationMs: Math.round(performance.now() - begin),
    };
  }
}
