/** One check against a container. */
import { setTimeout as pause } from 'node:timers/promises';
import { type ContainerState, type Engine, execute } from '../engine/index.ts';
import type { CheckResult } from '../images/records.ts';
import { problemsOf } from '../problems.ts';
import { checkFile } from './file.ts';
import { checkHttp } from './http.ts';
import { isListening } from './listening.ts';
import type { Check, CommandCheck, ListedCheck } from './test-file.ts';
import { breaches, shown } from './text-rule.ts';

const retryPauseMs = 1000;

/** Runs a check until it passes or its retries are used up. */
export async function runListedCheck(
  engine: Engine,
  state: ContainerState,
  { title, check, timeoutMs, retries }: ListedCheck,
  signal: AbortSignal,
): Promise<CheckResult> {
  const begun = performance.now();
  let wrong: string[] = [];
  for (let attempt = 0; attempt <= retries; attempt++) {
    if (attempt > 0) await pause(retryPauseMs, undefined, { signal });
    wrong = await runCheck(engine, state, check, timeoutMs);
    if (wrong.length === 0) break;
  }
  const durationMs = Math.round(performance.now() - begun);
  if (wrong.length === 0) return { title, status: 'passed', durationMs };
  return { title, status: 'failed', message: wrong.join('; '), durationMs };
}

/** What is wrong, as sentences; empty when the check passes. Never rejects. */
export async function runCheck(
  engine: Engine,
  state: ContainerState,
  check: Check,
  timeoutMs: number,
): Promise<string[]> {
  try {
    switch (check.kind) {
      case 'port':
        return (await isListening(engine, state, check.port, check.protocol, timeoutMs))
          ? []
          : [`nothing in the container listens on ${check.port}/${check.protocol}`];
      case 'http': {
        const published = state.ports[`${check.port}/tcp`];
        if (published === undefined) return [`port ${check.port} is not published: the container does not run`];
        return await checkHttp(check, published, timeoutMs);
      }
      case 'command':
        return await checkCommand(engine, state.id, check, timeoutMs);
      case 'file':
        return await checkFile(engine, state.id, check, timeoutMs);
    }
  } catch (error) {
    return problemsOf(error).map(({ message }) => message);
  }
}

async function checkCommand(
  engine: Engine,
  container: string,
  { run, user, status, stdout, stderr }: CommandCheck,
  timeoutMs: number,
): Promise<string[]> {
  const result = await execute(engine, container, run, { timeoutMs, ...(user === undefined ? {} : { user }) });
  if (result.status === 124) return [`it did not end within ${timeoutMs / 1000} s`];
  const ended =
    result.status === status
      ? []
      : [
          `it ended with ${result.status}, expected ${status}; standard error is ${shown(result.stderr || result.stdout)}`,
        ];
  return [
    ...ended,
    ...breaches(result.stdout, stdout, 'standard output'),
    ...breaches(result.stderr, stderr, 'standard error'),
  ];
}
