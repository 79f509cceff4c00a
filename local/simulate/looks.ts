/** What a simulated run sees of the fleet, and what the suite's own code decides by it. */
import { type Dispatch, type DispatchScope, decideDispatches } from '../../src/cascade/index.ts';
import { createGraph, defaultPolicy, dependentsOf, inputTagOf, plan, relevantTo } from '../../src/fleet/index.ts';
import type { FleetImage, FleetState, Plan } from '../../src/fleet/types.ts';
import type { Clock } from './clock.ts';
import type { GitHub } from './github.ts';
import { platform } from './registry.ts';
import { type Image, pathOf, type Repository, tagOf, type World } from './world.ts';

/** Seconds that it takes to read the published images, and then the tags of their input keys. */
const [readingImages, readingTags] = [1, 1];
export const readingTime = readingImages + readingTags;
/** The action's own default. */
const maxDispatches = 450;

/** What was read, and at what time in seconds. */
export interface Reading {
  readonly images: readonly FleetImage[];
  readonly state: FleetState;
}

/** The same parts of a fleet are asked for again and again, and who builds on whom stays. */
export interface Parts {
  /** References of the dependents of a repository's images. */
  readonly dependents: (repository: Repository) => ReadonlySet<string>;
  /** Those, and all that they build on. */
  readonly relevant: (repository: Repository) => readonly FleetImage[];
  /** A repository's images, and all that they build on. */
  readonly own: (repository: Repository) => readonly FleetImage[];
  /** What the planner knows as these. */
  readonly imagesOf: (images: readonly FleetImage[]) => readonly Image[];
}

export function createParts(world: World): Parts {
  const once = <T>(find: (repository: Repository) => T): ((repository: Repository) => T) => {
    const known = new Map<Repository, T>();
    return (repository) => {
      const found = known.get(repository) ?? find(repository);
      known.set(repository, found);
      return found;
    };
  };
  const imageOf = new Map(world.images.map((image) => [image.reference, image]));
  const imagesOf = (images: readonly FleetImage[]): Image[] =>
    images.flatMap(({ reference }) => imageOf.get(reference) ?? []);
  const positionsOf = (images: readonly FleetImage[]): number[] => imagesOf(images).map(({ position }) => position);
  const at = (positions: readonly number[]): FleetImage[] => {
    const fleet = world.fleet();
    return positions.flatMap((position) => fleet[position] ?? []);
  };
  const references = ({ images }: Repository): string[] => images.map(({ reference }) => reference);
  const graph = createGraph(world.fleet());
  const dependents = once((repository) => dependentsOf(graph, references(repository)));
  const relevant = once((repository) => positionsOf(relevantTo(graph, references(repository))));
  const own = once(({ images }) => {
    const found = new Set(images.map(({ position }) => position));
    // A set's iterator also visits what is added on the way.
    for (const position of found)
      for (const upstream of world.images[position]?.upstreamPositions ?? []) found.add(upstream);
    return [...found].sort((one, other) => one - other);
  });
  return {
    dependents,
    relevant: (repository) => at(relevant(repository)),
    own: (repository) => at(own(repository)),
    imagesOf,
  };
}

/** Reads the state of some images as `gatherState` does: first what is published, then the tags of the input keys. */
export async function read(
  images: readonly FleetImage[],
  { registry }: World,
  clock: Pick<Clock, 'sleep'>,
  asOf: () => number,
): Promise<FleetState> {
  await clock.sleep(readingImages);
  const published = new Map<string, string>();
  const platforms = new Map<string, Record<string, string>>();
  const readOne = (reference: string): void => {
    const digest = registry.read(pathOf(reference), tagOf(reference), asOf());
    if (digest === undefined) return;
    published.set(reference, digest);
    platforms.set(reference, { [platform]: digest });
  };
  for (const { reference, upstreams } of images) {
    readOne(reference);
    for (const upstream of upstreams)
      if (upstream.kind === 'image' && !platforms.has(upstream.reference)) readOne(upstream.reference);
  }
  const inputTags = new Map<string, string>();
  const state = { published, platforms, inputTags, commits: new Map(), failed: new Set<string>() };
  await clock.sleep(readingTags);
  for (const image of images) {
    const tag = published.has(image.reference) ? inputTagOf(image, state) : undefined;
    const digest = tag === undefined ? undefined : registry.read(pathOf(tag), tagOf(tag), asOf());
    if (tag !== undefined && digest !== undefined) inputTags.set(tag, digest);
  }
  return state;
}

/** What the runs of those repositories tell that have an image for which `asks` holds. */
export function attemptsFor(
  images: readonly Image[],
  github: GitHub,
  asks: (image: Image) => boolean,
  own?: string,
): NonNullable<FleetState['attempts']> {
  const repositories = new Set(images.filter(asks).map(({ repository }) => repository));
  return new Map(
    [...repositories].flatMap((repository) => {
      const attempts = github.attempts(repository, own);
      return attempts === undefined ? [] : [[repository.name, attempts] as const];
    }),
  );
}

export function planNow(images: readonly FleetImage[], state: FleetState, clock: Pick<Clock, 'now'>): Plan {
  return plan(images, state, clock.now() * 1000, defaultPolicy);
}

/** Sends what is decided, the most urgent first, until a limit is reached. */
export async function send(
  planned: Plan,
  scope: DispatchScope,
  repositories: ReadonlyMap<string, Repository>,
  github: GitHub,
): Promise<void> {
  const { dispatches } = decideDispatches(planned, { ...scope, maxDispatches });
  for (const { repository } of dispatches satisfies readonly Dispatch[]) {
    const receiver = repositories.get(repository);
    if (receiver !== undefined && !(await github.dispatch(receiver))) return;
  }
}
