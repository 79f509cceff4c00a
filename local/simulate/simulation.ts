/** One simulated cascade, from some changes until everything is settled again. */
import type { Plan } from '../../src/fleet/types.ts';
import { createClock } from './clock.ts';
import { createGitHub } from './github.ts';
import { performJob } from './job.ts';
import { attemptsFor, createParts, planNow, read, send } from './looks.ts';
import { createRandom, type Random } from './random.ts';
import type { Scenario } from './scenarios.ts';
import { createWorld, type Image, publishedDigest, type World } from './world.ts';

/** Seconds between two looks at the whole fleet. */
const reconcileEvery = 3600;
/** Seconds after which a fleet counts as one that does not settle: far longer than failing images are waited for. */
const longest = 30 * 24 * 3600;

export interface Outcome {
  readonly settled: boolean;
  /** Names of the images that are not what they should be, though everything counts as settled. */
  readonly wrong: readonly string[];
  /** Builds that succeeded, by position. */
  readonly builds: readonly number[];
  /** Positions of the images that had to be built, in a scenario without faults. */
  readonly needed: ReadonlySet<number>;
  /** Positions of the images whose push starts the cascade. */
  readonly pushed: ReadonlySet<number>;
  /** Seconds until the last image was published. */
  readonly makespan: number;
  readonly runs: number;
  readonly images: readonly Image[];
}

/** @param trace is told what happens */
export async function simulate(scenario: Scenario, trace?: (line: string) => void): Promise<Outcome> {
  const { plain, faults, runners } = scenario;
  const random = createRandom(scenario.seed);
  const clock = createClock();
  const world = createWorld(plain, scenario.start === 'empty');
  const repositories = new Map(world.repositories.map((repository) => [repository.name, repository]));
  const parts = createParts(world);
  const builds = world.images.map(() => 0);
  const tell = (text: string): void => trace?.(`${clock.now().toFixed(1)} s: ${text}`);
  let makespan = 0;
  let settled = false;
  const github = createGitHub({ clock, random, faults, runners }, (run) =>
    performJob(run, {
      tell: (text) => tell(`${run.repository.name}, run ${run.id} (${run.event}): ${text}`),
      world,
      clock,
      random,
      faults,
      parts,
      repositories,
      github: () => github,
      onBuild: ({ position, name }) => {
        tell(`${name} is built`);
        builds[position] = (builds[position] ?? 0) + 1;
      },
      onPublish: ({ name }) => {
        tell(`${name} is published`);
        makespan = clock.now();
      },
    }),
  );
  const before = world.wanted();
  const changing = { world, random, push: github.push, now: () => clock.now() };
  const pushed = makeChanges(scenario, changing);
  const needed = neededBuilds(world, before, pushed, scenario.start === 'empty');
  scheduleFaults(scenario, { ...changing, at: clock.at });

  const reconcile = async (): Promise<void> => {
    const fleet = world.fleet();
    const state = await read(fleet, world, clock, () => Number.POSITIVE_INFINITY);
    const planned = planNow(fleet, { ...state, attempts: attemptsFor(world.images, github, () => true) }, clock);
    const quiet = clock.now() >= faults.until && !github.isBusy();
    if (quiet && isSettled(planned, world)) settled = true;
    for (const { name, state, reason } of planned.images)
      if (state !== 'settled') tell(`${name} is ${state}: ${reason}`);
    const lost = clock.now() < faults.until && random.chance(faults.lost);
    if (settled || lost) return;
    await send(
      planned,
      { handled: new Set(), superseded: new Set(), retryBy: clock.now() * 1000, skipRunning: true },
      repositories,
      github,
    );
  };
  const schedule = (time: number): void =>
    clock.at(time, () => {
      clock.start(reconcile);
      schedule(time + reconcileEvery);
    });
  // What nobody pushed is noticed by the first look at the whole fleet.
  schedule(scenario.start === 'commit' ? random.between(60, reconcileEvery) : 0);
  await clock.run(() => settled || clock.now() > longest);
  return {
    settled,
    wrong: settled ? wrongImages(world) : [],
    builds,
    needed,
    pushed,
    makespan,
    runs: github.runCount(),
    images: world.images,
  };
}

interface Changing {
  readonly world: World;
  readonly random: Random;
  readonly push: (repository: Image['repository'], commit: ReturnType<World['commit']>) => void;
  readonly now: () => number;
}

/** @returns positions of the images that are pushed */
function makeChanges({ start, plain }: Scenario, { world, random, push, now }: Changing): ReadonlySet<number> {
  const pushed = new Set<number>();
  if (start === 'outside')
    for (const reference of world.outside) if (random.chance(0.5)) world.changeOutside(reference, now());
  if (start !== 'commit') return pushed;
  const roots = world.images.filter(({ upstreamPositions }) => upstreamPositions.length === 0);
  // Two that do not build on each other: what is pushed on top of a change is built at once and again after it.
  const single = plain.shape === 'chain' || plain.shape === 'tree' || plain.shape === 'diamonds';
  const count = single || random.chance(0.5) ? 1 : Math.min(roots.length, 3);
  const chosen = single && random.chance(0.3) ? [random.pick(world.images)] : shuffled(roots, random).slice(0, count);
  for (const image of independent(chosen, world)) {
    pushed.add(image.position);
    commitTo(image, { world, random, push });
  }
  return pushed;
}

/**
 * Those in whose repositories nothing follows from a change of the others: a push builds at once what it can't tell from
 * its own changes, such as an image half of whose upstreams are new.
 */
function independent(images: readonly Image[], world: World): Image[] {
  const kept: { readonly image: Image; readonly touched: ReadonlySet<Image['repository']> }[] = [];
  for (const image of images) {
    const touched = touchedBy(image, world);
    const meets = kept.some((other) => other.touched.has(image.repository) || touched.has(other.image.repository));
    if (!meets) kept.push({ image, touched });
  }
  return kept.map(({ image }) => image);
}

/** The repositories of an image and of all that builds on it. */
function touchedBy({ position }: Image, { images }: World): ReadonlySet<Image['repository']> {
  const changed = new Set([position]);
  for (const image of images)
    if (image.upstreamPositions.some((upstream) => changed.has(upstream))) changed.add(image.position);
  return new Set(images.filter((image) => changed.has(image.position)).map(({ repository }) => repository));
}

function shuffled<T>(list: readonly T[], random: Random): T[] {
  const keyed = list.map((item) => ({ item, key: random.next() }));
  return keyed.sort((one, other) => one.key - other.key).map(({ item }) => item);
}

function commitTo(image: Image, { world, random, push }: Pick<Changing, 'world' | 'random' | 'push'>): void {
  // Images of one repository are built in one go, before anybody knows that one of them came out as it was.
  const matters = image.repository.images.length > 1 || random.chance(0.85);
  push(image.repository, world.commit(image.repository, new Map([[image.name, matters]]), random.chance(0.2)));
}

function scheduleFaults(
  { faults, failing, laterChanges }: Scenario,
  { world, random, push, now, at }: Changing & { readonly at: (time: number, action: () => void) => void },
): void {
  for (const { position, failures } of failing) world.failing.set(position, failures);
  for (let change = 0; change < laterChanges; change += 1)
    at(random.between(0, faults.until), () => {
      if (random.chance(0.3)) world.changeOutside(random.pick(world.outside), now());
      else commitTo(random.pick(world.images), { world, random, push });
    });
}

/** What has to be built by definition: what was changed, and what builds on something that came out different. */
function neededBuilds(
  world: World,
  before: readonly number[],
  pushed: ReadonlySet<number>,
  isEmpty: boolean,
): ReadonlySet<number> {
  const wanted = world.wanted();
  const needed = new Set(pushed);
  for (const { position, upstreams, upstreamPositions } of world.images) {
    const changedInside = upstreamPositions.some((upstream) => wanted[upstream] !== before[upstream]);
    const changedOutside = upstreams.length > upstreamPositions.length && wanted[position] !== before[position];
    if (isEmpty || changedInside || changedOutside) needed.add(position);
  }
  return needed;
}

/** Everything is settled but for what can't be built. */
function isSettled({ images }: Plan, world: World): boolean {
  const failing = new Set(
    world.images.flatMap(({ position, name }) => (Number.isFinite(world.failing.get(position) ?? 0) ? [] : [name])),
  );
  return images.every(({ name, state }) => state === 'settled' || failing.has(name));
}

function wrongImages(world: World): string[] {
  const wanted = world.wanted();
  return world.images.flatMap((image) => {
    const digest = publishedDigest(image, world);
    const content = digest === undefined ? undefined : world.registry.buildOf(digest)?.content;
    return content === wanted[image.position] ? [] : [image.name];
  });
}
