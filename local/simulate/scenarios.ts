/** What is simulated: a fleet, what changes in it, and what goes wrong; all from one seed. */
import { makeFleet, type PlainFleet, type Shape, shapes } from './fleets.ts';
import { type Faults, noFaults } from './github.ts';
import { createRandom, type Random } from './random.ts';

export interface Scenario {
  readonly seed: number;
  readonly plain: PlainFleet;
  readonly runners: number;
  /** Commits in image repositories, images that change outside of the fleet, or a registry with no image of the fleet. */
  readonly start: 'commit' | 'outside' | 'empty';
  readonly faults: Faults;
  /** Images whose builds fail: so often, or for ever. */
  readonly failing: readonly { readonly position: number; readonly failures: number }[];
  /** Changes while the cascade is going on. */
  readonly laterChanges: number;
}

const starts = ['commit', 'commit', 'commit', 'outside', 'empty'] as const;

export interface Wish {
  readonly shape?: Shape;
  readonly size?: number;
  readonly runners?: number;
}

/** A scenario in which nothing goes wrong. */
export function calmScenario(seed: number, wish: Wish = {}): Scenario {
  const random = createRandom(seed);
  const shape = wish.shape ?? random.pick(shapes);
  const size = wish.size ?? sizeOf(random);
  const plain = makeFleet(shape, size, random);
  const runners = wish.runners ?? random.pick([2, 4, 8, 20]);
  const start = random.pick(starts);
  return { seed, plain, runners, start, faults: noFaults, failing: [], laterChanges: 0 };
}

/** A scenario in which much goes wrong in its first hours. */
export function faultyScenario(seed: number, wish: Wish = {}): Scenario {
  const calm = calmScenario(seed, wish);
  const random = createRandom(seed ^ 0x5eed);
  const some = (most: number): number => (random.chance(0.5) ? random.next() * most : 0);
  const faults: Faults = {
    until: random.between(600, 6 * 3600),
    lost: some(0.4),
    doubled: some(0.5),
    delayed: some(0.4),
    killed: some(0.4),
    stale: some(0.5),
  };
  const images = calm.plain.images.length;
  const failing = Array.from({ length: random.chance(0.4) ? random.between(1, 3) : 0 }, () => ({
    position: random.between(0, images - 1),
    failures: random.chance(0.25) ? Number.POSITIVE_INFINITY : random.between(1, 3),
  }));
  // What was never published can't be waited for.
  const start = failing.some(({ failures }) => failures === Number.POSITIVE_INFINITY) ? 'commit' : calm.start;
  return { ...calm, start, faults, failing, laterChanges: random.chance(0.6) ? random.between(1, 5) : 0 };
}

/** Most fleets are small. */
function sizeOf(random: Random): number {
  return Math.round(10 * 10 ** (random.next() ** 3));
}

/** One line that says what is special about a scenario. */
export function describeScenario({ seed, plain, runners, start, faults, failing, laterChanges }: Scenario): string {
  const wrong = Object.entries(faults).flatMap(([name, value]) =>
    name === 'until' || value === 0 ? [] : [`${name} ${value.toFixed(2)}`],
  );
  const parts = [
    `seed ${seed}`,
    `${plain.shape} of ${plain.images.length}`,
    `${runners} runners`,
    `start: ${start}`,
    ...(wrong.length > 0 ? [`for ${Math.round(faults.until / 60)} min: ${wrong.join(', ')}`] : []),
    ...(failing.length > 0
      ? [`failing: ${failing.map(({ position, failures }) => `image-${position} × ${failures}`).join(', ')}`]
      : []),
    ...(laterChanges > 0 ? [`${laterChanges} later changes`] : []),
  ];
  return parts.join(', ');
}
