/**
 * A simulated job of an image repository: what its steps take and leave, with the suite's own code in every place where
 * something is decided. Only what is done by a Dockerfile, an engine, git and the network is made up.
 */
import { decideHolds, decideLastGood, scopeAfterPush } from '../../src/cascade/index.ts';
import { keysOf, memoryTags } from '../../src/images/index.ts';
import type {
  BuildRecord,
  BuiltImage,
  HeldRecord,
  PushedImage,
  PushRecord,
  RenderedImage,
  RenderRecord,
} from '../../src/images/records.ts';
import { decidePublications, tagOrder } from '../../src/publish/decide.ts';
import { withPublished } from '../../src/publish/publish.ts';
import { createSuperseded } from '../../src/publish/superseded.ts';
import type { ResolvedImage } from '../../src/registry/types.ts';
import type { Clock } from './clock.ts';
import type { Conclusion, Faults, GitHub, Run } from './github.ts';
import { attemptsFor, type Parts, planNow, read, readingTime, send } from './looks.ts';
import type { Random } from './random.ts';
import { type RegistryView, resolved } from './registry.ts';
import { renderRun } from './rendering.ts';
import { contentTag, headOf, type Image, type Repository, type World } from './world.ts';

/** Seconds that the steps of a job take besides what they wait for. */
const setupTime = 10;
const renderTime = 1;
const tagTime = 0.2;

/** Seconds of a job that builds one image, besides the build, until the image is published. */
export const jobOverhead = setupTime + readingTime + renderTime + 5 * tagTime;

export interface JobWorld {
  readonly world: World;
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: Faults;
  readonly parts: Parts;
  readonly repositories: ReadonlyMap<string, Repository>;
  readonly github: () => GitHub;
  /** Told what happens. */
  readonly tell: (text: string) => void;
  /** Told of each build that succeeds, and of each time that a main tag is written. */
  readonly onBuild: (image: Image) => void;
  readonly onPublish: (image: Image) => void;
}

/** The machine went away. */
const killed = Symbol('killed');

/** Does a job, to its end or until it is killed. */
export async function performJob(run: Run, job: JobWorld): Promise<Conclusion> {
  const { clock, random, faults } = job;
  const isFaulty = clock.now() < faults.until;
  // A job of one image has some twenty steps; to be killed after its last one is not to be killed.
  let stepsLeft = isFaulty && random.chance(faults.killed) ? random.between(0, 25) : Number.POSITIVE_INFINITY;
  const lag = isFaulty && random.chance(faults.stale) ? random.between(5, 900) : 0;
  const sleep = async (seconds: number): Promise<void> => {
    stepsLeft -= 1;
    if (stepsLeft < 0) throw killed;
    await clock.sleep(seconds);
  };
  const staleUntil = clock.now() + lag;
  // A cache that is stuck answers the same until it is renewed.
  const asOf = (): number => (clock.now() < staleUntil ? staleUntil - 2 * lag : Number.POSITIVE_INFINITY);
  try {
    const conclusion = await doSteps(run, { ...job, clock: { ...clock, sleep } }, asOf);
    job.tell(`ended: ${conclusion}`);
    return conclusion;
  } catch (error) {
    if (error !== killed) throw error;
    job.tell('killed');
    return random.chance(0.5) ? 'failure' : 'cancelled';
  }
}

async function doSteps(run: Run, job: JobWorld, asOf: () => number): Promise<Conclusion> {
  const { world, clock } = job;
  await clock.sleep(setupTime);
  const held = await findHeld(run, job, asOf);
  for (const { name, reason } of held.images) job.tell(`${name} is held: ${reason}`);
  await clock.sleep(renderTime);
  const view = world.registry.view(asOf);
  const render = await renderRun(run, view, held);
  const built = await buildAll(render, run, job);
  const push = await publishAll(render, built, { run, job, view });
  await lookAfter(run, render, built, push, job, asOf);
  const failed =
    built.record.images.some(({ status }) => status === 'failed') ||
    push.images.some(({ status }) => status === 'refused');
  return failed ? 'failure' : 'success';
}

/** Images of the repository whose turn has not come, and why. */
async function findHeld(run: Run, { world, clock, parts, github }: JobWorld, asOf: () => number): Promise<HeldRecord> {
  const fleet = parts.own(run.repository);
  const state = await read(fleet, world, clock, asOf);
  const attempts = attemptsFor(parts.imagesOf(fleet), github(), () => true, run.id);
  const planned = planNow(fleet, { ...state, attempts }, clock);
  const { name } = run.repository;
  return { images: decideHolds(fleet, planned, name), lastGood: decideLastGood(fleet, planned, name) };
}

interface Built {
  readonly record: BuildRecord;
  /** What is in each image that was built, and what it was built on, by name. */
  readonly results: ReadonlyMap<string, { readonly content: number; readonly upstreams: readonly string[] }>;
}

async function buildAll(render: RenderRecord, run: Run, { world, clock, onBuild }: JobWorld): Promise<Built> {
  const images: BuiltImage[] = [];
  const results = new Map<string, { content: number; upstreams: string[] }>();
  const failed = new Set<string>();
  for (const rendered of render.images) {
    const { name, build, waiting } = rendered;
    const image = imageOf(run, name);
    if (!build.needed) {
      images.push({ name, status: waiting ? 'waiting' : 'reused', reason: build.reason });
      continue;
    }
    const pending = rendered.upstreams.flatMap((upstream) => (upstream.kind === 'pending' ? [upstream.image] : []));
    const broken = pending.find((upstream) => failed.has(upstream));
    const failures = world.failing.get(image.position) ?? 0;
    if (broken !== undefined || failures > 0) {
      if (broken === undefined) {
        await clock.sleep(image.seconds / 2);
        world.failing.set(image.position, failures - 1);
      }
      failed.add(name);
      images.push({ name, status: broken === undefined ? 'failed' : 'skipped', reason: 'it does not compile' });
      continue;
    }
    await clock.sleep(image.seconds);
    const digests: string[] = [];
    const contents = rendered.upstreams.map((upstream) => {
      if (upstream.kind === 'pending') return results.get(upstream.image)?.content ?? 0;
      if (upstream.kind !== 'image') return 0;
      digests.push(upstream.digest);
      return world.registry.buildOf(upstream.digest)?.content ?? 0;
    });
    const files = run.commit.files.get(name) ?? { version: 0, content: 0 };
    results.set(name, { content: world.contentOf(image, files, contents), upstreams: digests });
    images.push({ name, status: 'built', reason: build.reason, image: { reference: name, id: name } });
    onBuild(image);
  }
  return { record: { images }, results };
}

interface Publishing {
  readonly run: Run;
  readonly job: JobWorld;
  readonly view: RegistryView;
}

/** As `publish` does, but for the bytes. */
async function publishAll(render: RenderRecord, built: Built, { run, job, view }: Publishing): Promise<PushRecord> {
  const { world, clock, onPublish } = job;
  const { registry } = world;
  const published = new Map<string, ResolvedImage>();
  const pushed: PushedImage[] = [];
  const superseded = createSuperseded(
    {
      lsRemote: async () => headOf(run.repository).revision,
      isAncestor: async (older, newer) => older < newer,
    },
    view,
    render.ref,
  );
  const results = { build: built.record, spec: undefined, integration: undefined };
  for (const { name, action, reason } of decidePublications(render, results)) {
    const rendered = renderedImage(render, name);
    const image = imageOf(run, name);
    const left = { name, reason, reference: rendered.mainReference, tags: [], changed: false };
    const before = await view.resolve(rendered.repository, 'latest');
    const keys = keysOf(rendered.material, withPublished(rendered, published));
    if (action === 'wait') {
      pushed.push({ ...left, status: 'waiting' });
      continue;
    }
    if (action === 'refuse' || keys === undefined || (await superseded(rendered, before)) !== undefined) {
      pushed.push({ ...left, status: 'refused' });
      continue;
    }
    const result = built.results.get(name);
    const content =
      action === 'push' && result !== undefined ? memoryTags.content(contentTag(result.content)) : undefined;
    const known = content === undefined ? undefined : await view.head(rendered.repository, content);
    let digest = action === 'retag' ? rendered.digest : known?.digest;
    if (digest === undefined && result !== undefined) {
      const upstreams = withPublished(rendered, published).flatMap((one) => (one.kind === 'image' ? [one.digest] : []));
      await clock.sleep(tagTime);
      digest = registry.add({
        content: result.content,
        upstreams,
        repository: run.repository.name,
        revision: run.commit.revision,
      });
      registry.write(rendered.repository, memoryTags.build(keys.build), digest, clock.now());
    }
    if (digest === undefined) throw new Error(`${name} has no digest`);
    for (const tag of tagOrder(keys, content?.slice(2), rendered.tags)) {
      if ((await view.head(rendered.repository, tag))?.digest === digest) continue;
      await clock.sleep(tagTime);
      registry.write(rendered.repository, tag, digest, clock.now());
      if (tag === 'latest') onPublish(image);
    }
    published.set(name, resolved(digest));
    const changed = before?.digest !== digest;
    pushed.push({ ...left, status: changed ? 'published' : 'unchanged', digest, tags: rendered.tags, changed });
  }
  return { images: pushed };
}

async function lookAfter(
  run: Run,
  render: RenderRecord,
  built: Built,
  push: PushRecord,
  job: JobWorld,
  asOf: () => number,
): Promise<void> {
  const { world, clock, parts, repositories, github } = job;
  const results = { render, push, spec: undefined, build: built.record, integration: undefined };
  const {
    about = new Set<string>(),
    changed = new Set<string>(),
    failed = new Set<string>(),
    handled = new Set<string>(),
  } = scopeAfterPush(results);
  const dependents = parts.dependents(run.repository);
  // Nobody builds on these images: there is nothing to look at.
  if (dependents.size === 0) return;
  const fleet = parts.relevant(run.repository);
  const state = await read(fleet, world, clock, asOf);
  const isAsked = ({ reference }: Image): boolean => !dependents.has(reference) && !about.has(reference);
  const attempts = attemptsFor(parts.imagesOf(fleet), github(), isAsked, run.id);
  const planned = planNow(fleet, { ...state, failed, changed, attempts }, clock);
  const isOld = headOf(run.repository).revision !== run.commit.revision;
  const superseded = new Set(isOld ? [run.repository.name] : []);
  await send(planned, { about: dependents, handled, superseded }, repositories, github());
}

function imageOf({ repository }: Run, name: string): Image {
  const image = repository.images.find((candidate) => candidate.name === name);
  if (image === undefined) throw new Error(`${repository.name} has no image ${name}`);
  return image;
}

function renderedImage({ images }: RenderRecord, name: string): RenderedImage {
  const image = images.find((candidate) => candidate.name === name);
  if (image === undefined) throw new Error(`${name} was not rendered`);
  return image;
}
