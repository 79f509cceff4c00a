/** Images in the engine: what it holds, and how they come and go. */
import type { EngineImage } from '../images/records.ts';
import { fail } from '../problems.ts';
import type { Streamed } from '../processes.ts';
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

/**
 * Pushes what the engine holds under `reference`, all its platforms and attestations.
 * @param onLine gets the progress
 */
export async function pushImage(engine: Engine, reference: string, onLine?: (line: string) => void): Promise<void> {
  await demand(engine, `pushing ${reference}`, ['push', reference], onLine === undefined ? {} : { onLine });
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
 * @throws ProblemsError when the export breaks off, whatever `use` made of the stream
 */
export async function withFileSystem<T>(
  engine: Engine,
  reference: string,
  use: (tar: Streamed['output']) => Promise<T>,
  platform?: string,
): Promise<T> {
  const choice = platform === undefined ? [] : ['--platform', platform];
  // An image without a command can't become a container unless one is given; this one never runs.
  const create = ['create', '--pull', 'never', '--network', 'none', ...choice, reference, '/none'];
  const container = await demand(engine, `reading the files of ${reference}`, create);
  try {
    const { output, done } = engine.processes.stream(engine.kind, ['export', container], { env: engine.env });
    const [value, result] = await Promise.all([use(output), done]);
    if (result.status !== 0)
      fail(`reading the files of ${reference}: ${explainFailure(result.stderr, result.status).message}`);
    return value;
  } finally {
    await runEngine(engine, ['rm', '--force', '--volumes', container]);
  }
}
