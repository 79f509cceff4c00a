import { describe, expect, it } from '@jest/globals';
import { decideDispatches, decideHolds, decideLastGood } from '../../src/cascade/index.ts';
import type { Attempts, FleetImage, Plan } from '../../src/fleet/types.ts';
import { build, change, fleetOf, planOf, type World, worldOf } from '../fleet/fleet-fixture.ts';

const hour = 3_600_000;
const now = 1000 * hour;

/** Settled; the images of `together` are in the repository `acme/pair`. */
function settled(upstreams: Readonly<Record<string, readonly string[]>>, together: readonly string[]): World {
  const fleet = fleetOf(upstreams).map((image): FleetImage => {
    return together.includes(image.name) ? { ...image, repository: 'acme/pair' } : image;
  });
  const world = worldOf(fleet);
  for (const { reference } of fleet) build(world, reference);
  return world;
}

function planWith(world: World, repository?: string, attempts: Partial<Attempts> = {}): Plan {
  const own = { failures: 2, firstFailure: now - hour, lastFailure: now - hour, running: false, ...attempts };
  const known = repository === undefined ? new Map() : new Map([[repository, own]]);
  return planOf(world.fleet, { ...world, attempts: known }, now);
}

const heldIn = (world: World, plan: Plan, retryBy?: number): string[] =>
  decideHolds(world.fleet, plan, 'Acme/Pair', retryBy).map(({ name, reason }) => `${name}: ${reason}`);

describe('a run', () => {
  it('builds what becomes ready by what it builds itself', () => {
    const world = settled({ base: [], web: ['base'], top: ['web'] }, ['base', 'web', 'top']);
    change(world, 'base', 'next');
    expect(heldIn(world, planWith(world))).toEqual([]);
  });

  it('holds what waits for another repository, and what is on top of that', () => {
    const world = settled({ base: [], other: ['base'], web: ['base', 'other'], top: ['web'] }, ['base', 'web', 'top']);
    change(world, 'base', 'next');
    expect(heldIn(world, planWith(world))).toEqual([
      'web: waiting for base, and for other',
      'top: waiting for web, which waits for base',
    ]);
  });

  it('tries again what failed, unless it is told to leave that until its time', () => {
    const world = settled({ base: [], web: ['base'] }, ['base', 'web']);
    change(world, 'base', 'broken');
    const plan = planWith(world, 'acme/pair', { failures: 4 });
    expect(heldIn(world, plan)).toEqual([]);
    expect(heldIn(world, plan, now)).toHaveLength(2);
  });

  it('builds on the last good image of a neighbour that failed for a day', () => {
    const world = settled({ base: [], other: [], web: ['base', 'other'] }, ['base', 'web']);
    change(world, 'base', 'broken');
    change(world, 'other', 'next');
    build(world, world.fleet[1]?.reference ?? '');
    const lastGood = (attempts: Partial<Attempts>): string[] =>
      decideLastGood(world.fleet, planWith(world, 'acme/pair', attempts), 'acme/pair');
    expect(lastGood({})).toEqual([]);
    expect(lastGood({ firstFailure: now - 25 * hour })).toEqual(['base']);
  });
});

describe('a look at the whole fleet', () => {
  const everything = { handled: new Set<string>(), superseded: new Set<string>() };

  it('tries failing images again when their time has come, and leaves alone what is running', () => {
    const world = settled({ base: [], web: ['base'] }, []);
    change(world, 'base', 'broken');
    const sent = (attempts: Partial<Attempts>, scope: { retryBy?: number; skipRunning?: boolean }): string[] => {
      const plan = planWith(world, 'acme/base', attempts);
      return decideDispatches(plan, { ...everything, ...scope }).dispatches.map(({ repository }) => repository);
    };
    expect(sent({}, { retryBy: now })).toEqual(['acme/base']);
    expect(sent({}, {})).toEqual([]);
    expect(sent({ failures: 3 }, { retryBy: now })).toEqual([]);
    expect(sent({ running: true }, { retryBy: now, skipRunning: true })).toEqual([]);
  });

  it('leaves what is too much for the next one, the least urgent first', () => {
    const world = worldOf(fleetOf({ lone: [], deep: [], d1: ['deep'], wide: [], w1: ['wide'], w2: ['w1'] }));
    const { dispatches, left } = decideDispatches(planOf(world.fleet, world), { ...everything, maxDispatches: 2 });
    const names = (list: typeof left): string[] => list.flatMap(({ images }) => images);
    expect([names(dispatches), names(left)]).toEqual([['wide', 'deep'], ['lone']]);
  });
});
