/** An image's checks: its container is started, waited for, checked and always removed. */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type ContainerState,
  containerLogs,
  createContainer,
  type Engine,
  type InspectedImage,
  inspectContainer,
  removeContainer,
  startContainer,
} from '../engine/index.ts';
import type { CheckResult } from '../images/records.ts';
import { problemsOf } from '../problems.ts';
import type { Processes } from '../processes.ts';
import { parallel } from './parallel.ts';
import { runCheck, runListedCheck } from './run-check.ts';
import type { Check, TestFile } from './test-file.ts';
import { breaches } from './text-rule.ts';

const shownLogLines = 50;
const concurrentChecks = 4;
const pollMs = 200;
const upAttemptMs = { least: 1_000, most: 5_000 };

export interface CheckEnvironment {
  readonly engine: Engine;
  readonly runId: string;
  readonly signal: AbortSignal;
  /** Registers work that is done however the action ends, with processes that outlive `signal`. */
  cleanup(work: (processes: Processes) => Promise<void>): void;
}

export interface CheckedImage {
  /** In the order of the test file, with `is up` before them. */
  readonly checks: readonly CheckResult[];
  /** Image id that the container was made from; absent when there never was a container. */
  readonly id?: string;
  /** Last lines of the container's log; empty when all passed. */
  readonly logTail: readonly string[];
}

/** Runs all checks of an image. What goes wrong is a failed check; only a cancelled run rejects. */
export async function checkImage(
  environment: CheckEnvironment,
  name: string,
  image: InspectedImage,
  tests: TestFile,
): Promise<CheckedImage> {
  const { engine, runId, signal } = environment;
  const container = `image-cascade-${slug(runId)}-${slug(name)}-${randomBytes(4).toString('hex')}`;
  let made: Promise<string> | undefined;
  let removed = false;
  const remove = async (processes: Processes): Promise<void> => {
    if (removed || made === undefined) return;
    // A start that is broken off may still leave a container behind.
    await made.catch(() => {});
    await removeContainer({ ...engine, processes }, container);
    removed = true;
  };
  environment.cleanup(remove);
  const begun = performance.now();
  const begin = filesOnly(tests) ? createContainer : startContainer;
  made = begin(engine, {
    image: image.id,
    name: container,
    labels: { 'io.image-cascade.run': runId, 'io.image-cascade.image': name },
    env: tests.start.env,
    // What is never started needs a command all the same.
    command: filesOnly(tests) ? ['/none'] : tests.start.command,
    ports: portsToPublish(tests),
    ...(tests.start.entrypoint === undefined ? {} : { entrypoint: tests.start.entrypoint }),
    ...(tests.start.user === undefined ? {} : { user: tests.start.user }),
  });
  const upResult = (messages: readonly string[]): CheckResult => ({
    title: 'is up',
    durationMs: Math.round(performance.now() - begun),
    ...(messages.length === 0 ? { status: 'passed' } : { status: 'failed', message: messages.join('; ') }),
  });
  const skipAll = (): CheckResult[] =>
    tests.checks.map(({ title }) => ({ title, status: 'skipped', message: 'the container is not up', durationMs: 0 }));
  try {
    try {
      await made;
    } catch (error) {
      signal.throwIfAborted();
      const messages = problemsOf(error).map(({ message }) => message);
      return { checks: [upResult(messages), ...skipAll()], logTail: [] };
    }
    const waited = filesOnly(tests)
      ? { state: await inspectContainer(engine, container), wrong: [] }
      : await waitUntilUp(engine, container, image, tests, signal);
    const up = filesOnly(tests) ? [] : [upResult(waited.wrong)];
    const checks =
      waited.wrong.length > 0
        ? skipAll()
        : await parallel(tests.checks, concurrentChecks, (check) =>
            runListedCheck(engine, waited.state, check, signal),
          );
    signal.throwIfAborted();
    const all = [...up, ...checks];
    const failed = all.some(({ status }) => status === 'failed');
    const logTail = failed ? await containerLogs(engine, container, shownLogLines) : [];
    return { checks: all, id: waited.state.image, logTail };
  } finally {
    if (!signal.aborted) await remove(engine.processes);
  }
}

function slug(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}

/** Files can be looked at without starting anything, so an image without a service needs no command for that. */
function filesOnly({ up, start, checks }: TestFile): boolean {
  return (
    up === undefined &&
    start.command.length === 0 &&
    checks.length > 0 &&
    checks.every(({ check }) => check.kind === 'file')
  );
}

function portsToPublish(tests: TestFile): number[] {
  const all = [...(tests.up?.checks ?? []), ...tests.checks.map(({ check }) => check)];
  return [...new Set(all.flatMap(tcpPort))];
}

function tcpPort(check: Check): number[] {
  if (check.kind === 'http') return [check.port];
  return check.kind === 'port' && check.protocol === 'tcp' ? [check.port] : [];
}

/** Waits for what the test file calls up; without that, for the image's health check, or else for the checked ports. */
async function waitUntilUp(
  engine: Engine,
  container: string,
  image: InspectedImage,
  tests: TestFile,
  signal: AbortSignal,
): Promise<{ state: ContainerState; wrong: string[] }> {
  const end = performance.now() + tests.upTimeoutMs;
  for (;;) {
    signal.throwIfAborted();
    const state = await inspectContainer(engine, container);
    if (!state.running) {
      const error = state.error === '' ? '' : ` (${state.error})`;
      return { state, wrong: [`the container stopped with exit code ${state.exitCode} before it was up${error}`] };
    }
    const wrong = await missingForUp(engine, state, image, tests, Math.ceil(end - performance.now()));
    if (wrong.length === 0) return { state, wrong };
    if (performance.now() >= end)
      return { state, wrong: [`not within ${tests.upTimeoutMs / 1000} s: ${wrong.join('; ')}`] };
    await pause(pollMs, undefined, { signal });
  }
}

async function missingForUp(
  engine: Engine,
  state: ContainerState,
  image: InspectedImage,
  { up, checks }: TestFile,
  leftMs: number,
): Promise<string[]> {
  if (up === undefined && image.healthcheck)
    return state.health === 'healthy' ? [] : [`its health check says '${state.health ?? 'nothing'}'`];
  const guessed = [...new Set(checks.flatMap(({ check }) => tcpPort(check)))].map(
    (port): Check => ({ kind: 'port', port, protocol: 'tcp' }),
  );
  // A last attempt with next to no time would tell nothing but that.
  const attemptMs = Math.min(Math.max(leftMs, upAttemptMs.least), upAttemptMs.most);
  const wrong: string[] = [];
  for (const check of up?.checks ?? guessed) wrong.push(...(await runCheck(engine, state, check, attemptMs)));
  if (up?.log !== undefined) {
    const log = (await containerLogs(engine, state.id, 'all')).join('\n');
    wrong.push(...breaches(log, up.log, 'its log').slice(0, -1));
  }
  return wrong;
}
