/** Waiting until a container is up. */
import { setTimeout as pause } from 'node:timers/promises';
import { type ContainerState, containerLogs, inspectContainer } from '../engine/index.ts';
import type { Subject, Up } from './check.ts';
import { listens } from './kinds/port.ts';
import { attempt } from './run-check.ts';
import { defaultUpMs } from './test-file.ts';
import { breaches } from './text-rule.ts';

const pollMs = 100;
const attemptMs = { least: 1_000, most: 5_000 };

/**
 * Waits for what the test file calls up; without that, for the image's health check, or else for the ports that the
 * checks talk to.
 * @returns the container as it is then, and what is still wrong, as sentences; empty when it is up
 */
export async function waitUntilUp(
  subject: Omit<Subject, 'timeoutMs'>,
  up: Up | undefined,
  ports: readonly number[],
): Promise<{ state: ContainerState; wrong: readonly string[] }> {
  const { engine, image, signal } = subject;
  const wanted: Up = up ?? {
    checks: image.healthcheck ? [] : ports.map((port) => listens(port, 'tcp')),
    health: image.healthcheck,
    timeoutMs: defaultUpMs,
  };
  const end = performance.now() + wanted.timeoutMs;
  for (;;) {
    signal.throwIfAborted();
    const state = await inspectContainer(engine, subject.container.id);
    if (!state.running) {
      const error = state.error === '' ? '' : ` (${state.error})`;
      return { state, wrong: [`the container stopped with exit code ${state.exitCode} before it was up${error}`] };
    }
    // A last attempt with next to no time would tell nothing but that.
    const timeoutMs = Math.min(Math.max(Math.ceil(end - performance.now()), attemptMs.least), attemptMs.most);
    const wrong = await missing({ ...subject, container: state, timeoutMs }, wanted);
    if (wrong.length === 0) return { state, wrong };
    if (performance.now() >= end)
      return { state, wrong: [`not within ${wanted.timeoutMs / 1000} s: ${wrong.join('; ')}`] };
    await pause(pollMs, undefined, { signal });
  }
}

async function missing(subject: Subject, { checks, log, health }: Up): Promise<string[]> {
  const { engine, container } = subject;
  const wrong: string[] = [];
  if (health && container.health !== 'healthy')
    wrong.push(
      container.health === undefined ? 'the image has no health check' : `its health check says '${container.health}'`,
    );
  for (const check of checks) wrong.push(...(await attempt(check, subject)));
  if (log !== undefined) {
    const lines = (await containerLogs(engine, container.id, 'all')).join('\n');
    wrong.push(...breaches(lines, log, 'its log').slice(0, -1));
  }
  return wrong;
}
