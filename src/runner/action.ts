/** Runs an action: the last resort for errors, and what happens when the job is cancelled. */
import { setFailed } from '@actions/core';
import { type Problem, ProblemsError, problemsOf } from '../problems.ts';
import type { Processes } from '../processes.ts';
import { annotate } from './log.ts';
import { createProcesses } from './processes.ts';

export interface ActionContext {
  /** Aborted when the job is cancelled or its time is up. */
  readonly signal: AbortSignal;
  /** Every process of the action, ended when `signal` is. */
  readonly processes: Processes;
  /** Registers work that is done at the end, last first, however the action ends; its processes outlive `signal`. */
  cleanup(work: (processes: Processes) => Promise<void>): void;
}

/**
 * Runs the body of an action. Problems become annotations and exit status 1. On SIGINT and SIGTERM, which the runner
 * sends to a cancelled step seconds before it kills it, the clean-ups run and the status is 1 as well.
 */
export async function runAction(body: (context: ActionContext) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  const work: ((processes: Processes) => Promise<void>)[] = [];
  const lasting = createProcesses();
  const cleanUp = async (): Promise<void> => {
    for (let next = work.pop(); next !== undefined; next = work.pop()) {
      try {
        await next(lasting);
      } catch (error) {
        for (const problem of problemsOf(error)) annotate(problem, 'warning');
      }
    }
  };
  const cancel = async (): Promise<void> => {
    if (controller.signal.aborted) return;
    controller.abort();
    await cleanUp();
    setFailed('the run was cancelled; nothing was left running');
    process.exit(1);
  };
  process.on('SIGINT', cancel);
  process.on('SIGTERM', cancel);
  try {
    await body({
      signal: controller.signal,
      processes: createProcesses(controller.signal),
      cleanup: (next) => work.push(next),
    });
  } catch (error) {
    if (!controller.signal.aborted) report(error);
  } finally {
    if (!controller.signal.aborted) await cleanUp();
    process.removeListener('SIGINT', cancel);
    process.removeListener('SIGTERM', cancel);
  }
}

function report(error: unknown): void {
  const problems: readonly Problem[] = problemsOf(error);
  for (const problem of problems) annotate(problem);
  // What is no problem of the user's is ours: say where.
  if (!(error instanceof ProblemsError) && error instanceof Error && error.stack !== undefined)
    console.error(error.stack);
  process.exitCode = 1;
}
