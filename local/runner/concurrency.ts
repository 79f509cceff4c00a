import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token';
import type { RunIdentity } from './context.ts';
import { asString, evaluate, isObject, isTruthy, type Json } from './expressions.ts';
import type { Scheduler } from './scheduler.ts';
import type { RunnerOptions } from './types.ts';

/** A place in a concurrency group, or leave to run where there is none. */
export interface Admission {
  /** Fires when the run or the job is cancelled, be it by a newer one of the group. */
  signal: AbortSignal;
  /** The groups held now. */
  held: ReadonlySet<string>;
  release(): void;
}

/**
 * Waits for the place that a `concurrency:` asks for. Groups belong to the repository.
 * @returns undefined when the wait ended in a cancellation
 */
export async function enterConcurrency(
  token: TemplateToken | undefined,
  request: {
    run: RunIdentity;
    options: RunnerOptions;
    scheduler: Scheduler;
    contexts: Record<string, Json>;
    held: ReadonlySet<string>;
    signal: AbortSignal;
  },
): Promise<Admission | undefined> {
  const { held, signal, run } = request;
  const value = token === undefined ? null : evaluate(token, { contexts: request.contexts });
  const group = isObject(value) ? asString(value.group ?? null) : asString(value);
  if (group === '') return { signal, held, release: () => {} };
  const key = `${run.event.repository}\n${group}`.toLowerCase();
  if (held.has(key)) {
    request.options.log(
      `${run.event.repository}: ${run.workflowName} #${run.number}: Canceling since a deadlock for concurrency group '${group}' was detected between a workflow and a job of it`,
    );
    return undefined;
  }
  const cancelInProgress = isObject(value) && isTruthy(value['cancel-in-progress'] ?? false);
  const place = await request.scheduler.enterGroup(key, cancelInProgress, signal);
  if (place === undefined) return undefined;
  return {
    signal: AbortSignal.any([signal, place.signal]),
    held: new Set([...held, key]),
    release: () => place.release(),
  };
}
