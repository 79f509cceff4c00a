/** Builds the images of a plan; one that fails takes only those on top of it with it. */
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type BuildOutcome,
  type BuildSettings,
  type BuildTarget,
  bake,
  type Engine,
  inspectImage,
  podmanBuild,
  targetIds,
} from '../engine/index.ts';
import type { BuildRecord, BuiltImage, RenderRecord } from '../images/records.ts';
import { placeInTemplate } from '../images/template-lines.ts';
import { fail, type Problem } from '../problems.ts';
import { cacheEntries } from './inputs.ts';
import { imageLabels } from './labels.ts';
import { dependentsOf, engineReference, type PlannedImage, planBuild, withUpstreams } from './plan.ts';

export interface BuildOptions {
  readonly settings: BuildSettings;
  readonly cacheFrom: readonly string[];
  readonly cacheTo: readonly string[];
  /** For the definition and the Dockerfiles. */
  readonly folder: string;
  readonly signal?: AbortSignal;
  /** Gets the progress as it happens. */
  readonly onLine: (line: string) => void;
}

export interface BuildResult {
  readonly record: BuildRecord;
  /** One for each image that failed, on the line of its template where that is known. */
  readonly problems: readonly Problem[];
  /** Complete log of each image that was to be built. */
  readonly logs: ReadonlyMap<string, readonly string[]>;
  /** buildx's metadata by image. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

type Failure = NonNullable<BuildOutcome['failure']>;

/** What is known so far; images that are in none of the maps are still to be built. */
interface Progress {
  readonly built: Map<string, BuiltImage>;
  readonly failures: Map<string, Failure>;
  readonly logs: Map<string, string[]>;
  /** Milliseconds, over all attempts. */
  readonly durations: Map<string, number>;
  readonly metadata: Record<string, unknown>;
}

/**
 * @param findEngine called only when there is something to build
 * @throws ProblemsError when there is no engine, or when it can't do at all what is asked for
 */
export async function buildImages(
  render: RenderRecord,
  findEngine: () => Promise<Engine>,
  options: BuildOptions,
): Promise<BuildResult> {
  const plan = planBuild(render);
  const progress: Progress = {
    built: new Map(),
    failures: new Map(),
    logs: new Map(),
    durations: new Map(),
    metadata: {},
  };
  if (plan.build.length === 0) return resultOf(render, plan.build, plan.rest, progress);
  const engine = await findEngine();
  const targets = new Map<string, BuildTarget>();
  await mkdir(options.folder, { recursive: true });
  for (const planned of plan.build)
    targets.set(planned.image.name, await targetOf(planned, plan.build, render, options));
  refuseImpossible(engine, [...targets.values()], options.settings);

  if (engine.kind === 'podman') await buildOneByOne(plan.build, targets, engine, options, progress);
  else await buildTogether(plan.build, targets, engine, options, progress);
  return resultOf(render, plan.build, plan.rest, progress);
}

/**
 * All at once; BuildKit stops everything at the first failure, so what is independent of the failed image is built
 * again without it: finished steps come from the cache.
 */
async function buildTogether(
  plan: readonly PlannedImage[],
  targets: ReadonlyMap<string, BuildTarget>,
  engine: Engine,
  options: BuildOptions,
  progress: Progress,
): Promise<void> {
  for (let remaining = plan; remaining.length > 0; ) {
    const outcome = await runBake(remaining, targets, engine, options, progress);
    if (outcome.failure === undefined) {
      for (const { image } of remaining) await markBuilt(image.name, targets, engine, progress);
      return;
    }
    const { failure } = outcome;
    const general = options.signal?.aborted === true || failure.general;
    if (failure.name !== undefined && !general) {
      progress.failures.set(failure.name, failure);
      const gone = dependentsOf(plan, [...progress.failures.keys()]);
      remaining = remaining.filter(({ image }) => !gone.has(image.name) && !progress.failures.has(image.name));
      continue;
    }
    if (general) {
      // What ails the machine ails all images: trying on would only take time.
      for (const { image } of remaining) progress.failures.set(image.name, withoutLine(failure, image.name));
      return;
    }
    await buildEach(remaining, targets, engine, options, progress);
    return;
  }
}

/** Finds the image that fails where the log does not tell: each by itself, upstreams first. */
async function buildEach(
  plan: readonly PlannedImage[],
  targets: ReadonlyMap<string, BuildTarget>,
  engine: Engine,
  options: BuildOptions,
  progress: Progress,
): Promise<void> {
  for (const { image } of plan) {
    if (dependentsOf(plan, [...progress.failures.keys()]).has(image.name)) continue;
    const { failure } = await runBake(withUpstreams(plan, image.name), targets, engine, options, progress);
    if (failure === undefined) await markBuilt(image.name, targets, engine, progress);
    else progress.failures.set(image.name, failure.name === image.name ? failure : withoutLine(failure, image.name));
  }
}

async function runBake(
  planned: readonly PlannedImage[],
  targets: ReadonlyMap<string, BuildTarget>,
  engine: Engine,
  options: BuildOptions,
  progress: Progress,
): Promise<BuildOutcome> {
  const chosen = planned.flatMap(({ image }) => targets.get(image.name) ?? []);
  const outcome = await bake(engine, chosen, options.settings, options.folder, options.onLine);
  // A later attempt shows everything of an earlier one again, as cached.
  keepLogs(progress, outcome);
  Object.assign(progress.metadata, outcome.metadata);
  return outcome;
}

async function buildOneByOne(
  plan: readonly PlannedImage[],
  targets: ReadonlyMap<string, BuildTarget>,
  engine: Engine,
  options: BuildOptions,
  progress: Progress,
): Promise<void> {
  const tagOf = (name: string): string | undefined => targets.get(name)?.tag;
  for (const { image } of plan) {
    const target = targets.get(image.name);
    if (target === undefined || dependentsOf(plan, [...progress.failures.keys()]).has(image.name)) continue;
    const outcome = await podmanBuild(engine, target, options.settings, tagOf, options.onLine);
    keepLogs(progress, outcome);
    if (outcome.failure === undefined) await markBuilt(image.name, targets, engine, progress);
    else progress.failures.set(image.name, outcome.failure);
  }
}

function keepLogs({ logs, durations }: Progress, outcome: BuildOutcome): void {
  for (const [name, lines] of outcome.logs) {
    const present = logs.get(name);
    if (present === undefined) logs.set(name, [...lines]);
    else present.push('--- once more, without what failed', ...lines);
  }
  for (const [name, ms] of outcome.durations) durations.set(name, (durations.get(name) ?? 0) + ms);
}

async function markBuilt(
  name: string,
  targets: ReadonlyMap<string, BuildTarget>,
  engine: Engine,
  progress: Progress,
): Promise<void> {
  const tag = targets.get(name)?.tag ?? '';
  const found = await inspectImage(engine, tag);
  if (found === undefined)
    fail(`${name} was built, but the engine does not have it as ${tag}`, {
      hint: 'use a builder that loads into this engine (input `builder`)',
    });
  progress.built.set(name, { name, status: 'built', reason: '', image: { reference: tag, id: found.id } });
}

function withoutLine({ message, hint, general }: Failure, name: string): Failure {
  return { name, message, general, ...(hint === undefined ? {} : { hint }) };
}

/** Each Dockerfile gets a file name of its own: that is how the log names the one that failed. */
async function targetOf(
  { image, contexts }: PlannedImage,
  plan: readonly PlannedImage[],
  { ref }: RenderRecord,
  options: BuildOptions,
): Promise<BuildTarget> {
  const id = targetIds(plan.map((planned) => planned.image.name)).get(image.name) ?? image.name;
  const dockerfile = join(options.folder, `${id}.Dockerfile`);
  await copyFile(image.dockerfile, dockerfile);
  await copyFile(`${image.dockerfile}.dockerignore`, `${dockerfile}.dockerignore`).catch(() => {});
  return {
    name: image.name,
    dockerfile,
    context: image.context,
    ...(image.target === undefined ? {} : { target: image.target }),
    buildArgs: image.buildArgs,
    platforms: image.platforms,
    labels: imageLabels(image, ref, await readFile(image.dockerfile, 'utf8')),
    tag: engineReference(image, ref.runId),
    contexts,
    cacheFrom: cacheEntries(options.cacheFrom, image.name),
    cacheTo: cacheEntries(options.cacheTo, image.name),
  };
}

function refuseImpossible(engine: Engine, targets: readonly BuildTarget[], settings: BuildSettings): void {
  if (engine.store === 'containerd') return;
  const several = targets.find(({ platforms }) => platforms.length > 1);
  const attested = [settings.provenance, settings.sbom].some((value) => value !== undefined && value !== 'false');
  const what =
    several === undefined
      ? attested
        ? 'attestations (inputs `provenance`, `sbom`)'
        : undefined
      : `the ${several.platforms.length} platforms of ${several.name}`;
  if (what === undefined || targets.length === 0) return;
  fail(`the engine's image store can't hold ${what}`, {
    hint:
      engine.kind === 'podman'
        ? 'use Docker for these, with its containerd image store'
        : 'turn on the containerd image store: {"features": {"containerd-snapshotter": true}} in /etc/docker/daemon.json',
  });
}

function resultOf(
  render: RenderRecord,
  plan: readonly PlannedImage[],
  rest: readonly BuiltImage[],
  { built, failures, logs, durations, metadata }: Progress,
): BuildResult {
  const images = render.images.map(({ name, build }): BuiltImage => {
    const known = rest.find((image) => image.name === name);
    if (known !== undefined) return known;
    const done = built.get(name);
    const durationMs = durations.get(name) ?? 0;
    if (done !== undefined) return { ...done, reason: build.reason, durationMs };
    const failure = failures.get(name);
    if (failure !== undefined) return { name, status: 'failed', reason: failure.message, durationMs };
    const needs = plan.find(({ image }) => image.name === name)?.needs ?? [];
    const cause = needs.find((need) => !built.has(need)) ?? 'another image';
    return { name, status: 'skipped', reason: `it is built on ${cause}, which was not built` };
  });
  const problems = [...failures].map(([name, { message, hint, line }]): Problem => {
    const image = plan.find((planned) => planned.image.name === name)?.image;
    const place = image === undefined ? undefined : placeInTemplate(image, line);
    const where = line === undefined || place?.line !== undefined ? '' : ` (line ${line} of the rendered Dockerfile)`;
    return {
      message: `building ${name}${where}: ${message}`,
      ...(hint === undefined ? {} : { hint }),
      ...(place === undefined ? {} : { place }),
    };
  });
  return { record: { images }, problems, logs, metadata };
}
