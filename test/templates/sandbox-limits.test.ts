import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Attempt, makeRepository } from './sandbox.ts';
import { bombs, harmless } from './sandbox-bombs.ts';

/** The limit of each rendering is half a second; it is rendered twice where it fails, to find all that is wrong. */
const patienceMs = 15_000;

let root: string;
let folder: string;
let worker: Worker | undefined;
beforeAll(() => {
  ({ root, folder } = makeRepository());
});
afterAll(async () => {
  await worker?.terminate();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => {
  if (worker?.threadId === -1) worker = undefined;
});

/** In a thread with little memory, which is stopped where it does not answer. */
async function run(template: string): Promise<Attempt & { readonly milliseconds: number }> {
  worker ??= new Worker(new URL('./sandbox-bombs.ts', import.meta.url), {
    workerData: { root },
    resourceLimits: { maxOldGenerationSizeMb: 1500 },
    execArgv: ['--no-warnings'],
  });
  const own = worker;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patienceMs);
  try {
    own.postMessage(template);
    const [answer] = await once(own, 'message', { signal: stop.signal });
    return answer;
  } catch (error) {
    worker = undefined;
    await own.terminate();
    throw new Error(stop.signal.aborted ? `still running after ${patienceMs} ms` : String(error));
  } finally {
    clearTimeout(timer);
  }
}

describe('a template that asks for too much is refused in time', () => {
  it.each(Object.entries(bombs))('%s', async (_, template) => {
    const { error = '' } = await run(template);
    expect(error).toMatch(/^docker\/web\/Dockerfile\.j2:\d+/);
    expect(error).not.toMatch(/Maximum call stack|Invalid string length|Invalid array length|heap|is not/);
  });
});

describe('a template that only looks costly is rendered', () => {
  it.each(Object.entries(harmless))('%s', async (_, template) => {
    expect((await run(template)).error).toBeUndefined();
  });
});
