/** Images in the engine: what it holds, and how they come and go. */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { EngineImage } from '../images/records.ts';
import { fail } from '../problems.ts';
import type { Processes, Streamed } from '../processes.ts';
import { demand, type Engine, runEngine } from './engine.ts';
import { explainFailure } from './failures.ts';

/** What the checks need to know of an image. */
export interface InspectedImage extends EngineImage {
  /** Whether it declares a health check. */
  readonly healthcheck: boolean;
  /** Ports that it declares, as `80/tcp`. */
  readonly exposed: readonly string[];
}

interface ImageFacts {
  readonly Id?: string;
  readonly Config?: {
    readonly Healthcheck?: unknown;
    readonly ExposedPorts?: Readonly<Record<string, unknown>> | null;
  };
  readonly Healthcheck?: unknown;
}

/** The engine's own record of an image; `undefined` when it does not have it. */
export async function inspectImage(engine: Engine, reference: string): Promise<InspectedImage | undefined> {
  const result = await runEngine(engine, ['image', 'inspect', reference]);
  if (result.status !== 0) {
    if (/no such image|image not known|not found/i.test(result.stderr)) return undefined;
    const { message, hint } = explainFailure(result.stderr, result.status);
    fail(`looking at image ${reference}: ${message}`, hint === undefined ? {} : { hint });
  }
  const [facts]: ImageFacts[] = JSON.parse(result.stdout);
  if (facts?.Id === undefined) return undefined;
  return {
    reference,
    // Podman leaves the algorithm out.
    id: facts.Id.includes(':') ? facts.Id : `sha256:${facts.Id}`,
    healthcheck: (facts.Config?.Healthcheck ?? facts.Healthcheck ?? null) !== null,
    exposed: Object.keys(facts.Config?.ExposedPorts ?? {}),
  };
}

/** Brings an image of a registry into the engine. */
export async function pullImage(engine: Engine, reference: string, platform?: string): Promise<void> {
  const choice = platform === undefined ? [] : ['--platform', platform];
  await demand(engine, `pulling ${reference}`, ['pull', '--quiet', ...choice, reference]);
}

export async function tagImage(engine: Engine, from: string, to: string): Promise<void> {
  await demand(engine, `tagging ${from} as ${to}`, ['tag', from, to]);
}

/** What a registry or the way to it does at times, and not at the next attempt. */
const passing =
  /\b50[0234]\b|unexpected EOF|connection reset|broken pipe|timeout|TLS handshake|unknown: unknown error/i;
const pushDelaysMs = [1_000, 4_000];

/**
 * Pushes what the engine holds under `reference`, all its platforms and attestations. What a registry does at times is
 * tried again: layers that have arrived are not sent twice.
 * @param onLine gets the progress
 */
export async function pushImage(
  engine: Engine,
  reference: string,
  onLine?: (line: string) => void,
  delaysMs: readonly number[] = pushDelaysMs,
): Promise<void> {
  for (const delayMs of [...delaysMs, undefined]) {
    const result = await runEngine(engine, ['push', reference], onLine === undefined ? {} : { onLine });
    if (result.status === 0) return;
    if (delayMs === undefined || !passing.test(result.stderr) || result.status === 130) {
      const { message, hint } = explainFailure(result.stderr, result.status);
      fail(`pushing ${reference}: ${message}`, hint === undefined ? {} : { hint });
    }
    await pause(delayMs);
  }
}

/** Hands an image with all its platforms and attestations to `use`, as `docker save` writes it: a tar of an OCI layout. */
export async function withSavedImage<T>(
  engine: Engine,
  reference: string,
  use: (tar: Streamed['output']) => Promise<T>,
): Promise<T> {
  const { output, done } = engine.processes.stream(engine.kind, ['image', 'save', reference], { env: engine.env });
  try {
    const [value, result] = await Promise.all([use(output), done]);
    if (result.status !== 0) fail(`saving ${reference}: ${explainFailure(result.stderr, result.status).message}`);
    return value;
  } finally {
    output.destroy();
  }
}

/** Takes one reference away from the engine; the image stays while it has another. A missing one is fine. */
export async function removeImage(engine: Engine, reference: string): Promise<void> {
  const result = await runEngine(engine, ['image', 'rm', reference]);
  if (result.status === 0 || /no such image|image not known/i.test(result.stderr)) return;
  fail(`removing image ${reference}: ${explainFailure(result.stderr, result.status).message}`);
}

/**
 * Hands the merged file system of an image to `use`, as a tar stream. No process of the image runs; the container that
 * the engine needs for it is removed afterwards.
 * @param cleanup registers what removes the container when the action is cancelled meanwhile
 * @throws ProblemsError when the export breaks off, whatever `use` made of the stream
 */
export async function withFileSystem<T>(
  engine: Engine,
  reference: string,
  use: (tar: Streamed['output']) => Promise<T>,
  platform?: string,
  cleanup?: (work: (processes: Processes) => Promise<void>) => void,
): Promise<T> {
  const container = `image-cascade-export-${randomBytes(8).toString('hex')}`;
  let made: Promise<unknown> | undefined;
  let removed = false;
  const remove = async (processes: Processes): Promise<void> => {
    if (removed || made === undefined) return;
    await made.catch(() => {});
    const result = await runEngine({ ...engine, processes }, ['rm', '--force', '--volumes', container]);
    // A removal that is itself broken off is done again by the clean-up.
    removed = result.status === 0;
  };
  cleanup?.(remove);
  const choice = platform === undefined ? [] : ['--platform', platform];
  // An image without a command can't become a container unless one is given; this one never runs.
  const create = ['create', '--name', container, '--pull', 'never', '--network', 'none', ...choice, reference, '/none'];
  made = demand(engine, `reading the files of ${reference}`, create);
  let output: Streamed['output'] | undefined;
  try {
    await made;
    const streamed = engine.processes.stream(engine.kind, ['export', container], { env: engine.env });
    output = streamed.output;
    const [value, result] = await Promise.all([use(output), streamed.done]);
    if (result.status !== 0)
      fail(`reading the files of ${reference}: ${explainFailure(result.stderr, result.status).message}`);
    return value;
  } finally {
    output?.destroy();
    await remove(engine.processes);
  }
}
