/** What the planner promises, over random fleets: a cascade ends, and builds each image once. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dependentsOf, relevantTo } from '../../src/fleet/index.ts';
import { build, change, fleetOf, planOf, referenceOf, type World, worldOf } from './fleet-fixture.ts';

/** A fleet without cycles: image n builds on some of those before it, in a shuffled list. */
const upstreamsByImage = fc
  .integer({ min: 1, max: 14 })
  .chain((size) => fc.tuple(...Array.from({ length: size }, (_, at) => someOf(namesBelow(at)))))
  .map((lists) => lists.map((list, at) => [`i${at}`, list] as const))
  .chain((entries) => fc.shuffledSubarray(entries, { minLength: entries.length }))
  .map((entries) => Object.fromEntries(entries));

function someOf(names: string[]): fc.Arbitrary<string[]> {
  return fc.subarray(names, { maxLength: Math.min(names.length, 4) });
}

function namesBelow(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `i${at}`);
}

/** Builds ready images, one that `choose` picks at a time, until there is none. */
function cascade(world: World, choose: (count: number) => number): void {
  for (let step = 0; step <= world.fleet.length * 2; step += 1) {
    const ready = planOf(world.fleet, world).images.filter(({ state }) => state === 'ready');
    const next = ready[choose(ready.length)];
    if (next === undefined) return;
    build(world, next.reference);
  }
  throw new Error('the cascade does not end');
}

const picks = fc.infiniteStream(fc.nat());
const chooser = (stream: Iterator<number>) => (count: number) => Number(stream.next().value) % Math.max(count, 1);

function isSettled(world: World): boolean {
  return planOf(world.fleet, world).images.every(({ state }) => state === 'settled');
}

describe('a cascade', () => {
  it('fills an empty registry with one build for each image, in any order', () => {
    fc.assert(
      fc.property(upstreamsByImage, picks, (upstreams, stream) => {
        const world = worldOf(fleetOf(upstreams));
        cascade(world, chooser(stream));
        expect(isSettled(world)).toBe(true);
        expect([...world.builds.values()].every((count) => count === 1)).toBe(true);
        expect(world.builds.size).toBe(world.fleet.length);
      }),
    );
  });

  it('rebuilds after one change exactly the image and its dependents, each once', () => {
    fc.assert(
      fc.property(upstreamsByImage, picks, fc.nat(), (upstreams, stream, seed) => {
        const world = worldOf(fleetOf(upstreams));
        const choose = chooser(stream);
        cascade(world, choose);
        world.builds.clear();
        const changed = world.fleet[seed % world.fleet.length]?.name ?? '';
        change(world, changed, 'next');
        cascade(world, choose);
        expect(isSettled(world)).toBe(true);
        const expected = new Set([referenceOf(changed), ...dependentsOf(world.fleet, [referenceOf(changed)])]);
        expect(new Set(world.builds.keys())).toEqual(expected);
        expect([...world.builds.values()].every((count) => count === 1)).toBe(true);
      }),
    );
  });

  it('settles whatever changes on the way', () => {
    fc.assert(
      fc.property(upstreamsByImage, picks, fc.array(fc.nat(), { maxLength: 5 }), (upstreams, stream, seeds) => {
        const world = worldOf(fleetOf(upstreams));
        const choose = chooser(stream);
        cascade(world, choose);
        for (const [at, seed] of seeds.entries()) {
          change(world, world.fleet[seed % world.fleet.length]?.name ?? '', `change ${at}`);
          const first = planOf(world.fleet, world).images.find(({ state }) => state === 'ready');
          if (first !== undefined) build(world, first.reference);
        }
        cascade(world, choose);
        expect(isSettled(world)).toBe(true);
      }),
    );
  });

  it('builds k stacked diamonds in 3k + 1 builds', () => {
    const diamonds = 12;
    const upstreams: Record<string, string[]> = { j0: [] };
    for (let k = 0; k < diamonds; k += 1)
      Object.assign(upstreams, { [`a${k}`]: [`j${k}`], [`b${k}`]: [`j${k}`], [`j${k + 1}`]: [`a${k}`, `b${k}`] });
    const world = worldOf(fleetOf(upstreams));
    cascade(world, () => 0);
    expect([...world.builds.values()].reduce((sum, count) => sum + count, 0)).toBe(3 * diamonds + 1);
  });
});

describe('a plan', () => {
  /** Any graph, cycles included. */
  const anyUpstreams = fc
    .integer({ min: 1, max: 10 })
    .chain((size) => fc.tuple(...namesBelow(size).map(() => someOf(namesBelow(size)))))
    .map((lists) => Object.fromEntries(lists.map((list, at) => [`i${at}`, list])));

  it('names only cycles that are there, and blocks exactly what is on one or on top of one', () => {
    fc.assert(
      fc.property(anyUpstreams, (upstreams) => {
        const world = worldOf(fleetOf(upstreams));
        const { cycles, images } = planOf(world.fleet, world);
        for (const cycle of cycles)
          for (const [at, reference] of cycle.entries()) {
            const image = world.fleet.find((candidate) => candidate.reference === reference);
            const next = cycle[(at + 1) % cycle.length];
            expect(image?.upstreams.some((upstream) => upstream.kind === 'image' && upstream.reference === next)).toBe(
              true,
            );
          }
        const onCycle = world.fleet.filter(({ reference }) => dependentsOf(world.fleet, [reference]).has(reference));
        const blocked = new Set([
          ...onCycle.map(({ reference }) => reference),
          ...dependentsOf(
            world.fleet,
            onCycle.map(({ reference }) => reference),
          ),
        ]);
        expect(new Set(images.filter(({ state }) => state === 'blocked').map(({ reference }) => reference))).toEqual(
          blocked,
        );
      }),
    );
  });

  it('of the relevant part says the same as that of the whole fleet', () => {
    fc.assert(
      fc.property(upstreamsByImage, fc.array(fc.nat(), { maxLength: 4 }), fc.nat(), (upstreams, seeds, at) => {
        const world = worldOf(fleetOf(upstreams));
        cascade(world, () => 0);
        for (const seed of seeds) change(world, world.fleet[seed % world.fleet.length]?.name ?? '', 'next');
        const pushed = world.fleet[at % world.fleet.length]?.reference ?? '';
        const part = planOf(relevantTo(world.fleet, [pushed]), world).images;
        const whole = new Map(planOf(world.fleet, world).images.map((image) => [image.reference, image.state]));
        expect(part.map(({ state }) => state)).toEqual(part.map(({ reference }) => whole.get(reference)));
      }),
    );
  });
});
