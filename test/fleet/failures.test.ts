import { describe, expect, it } from '@jest/globals';
import { defaultPolicy, retryTime } from '../../src/fleet/index.ts';
import type { Attempts, FleetState, PlannedImage } from '../../src/fleet/types.ts';
import { build, change, fleetOf, planOf, referenceOf, type World, worldOf } from './fleet-fixture.ts';

const hour = 3_600_000;
const now = 1000 * hour;

/** A settled fleet in which the base of two images was changed, and can't be built. */
function brokenBase(): World {
  const world = worldOf(fleetOf({ base: [], other: [], web: ['base'], shop: ['web', 'other'] }));
  for (const { reference } of world.fleet) build(world, reference);
  change(world, 'base', 'broken');
  return world;
}

function attempts(changes: Partial<Attempts>): Attempts {
  return { failures: 1, firstFailure: now - hour, lastFailure: now - hour, running: false, ...changes };
}

function planned(world: World, own: Attempts, extra: Partial<FleetState> = {}): Record<string, PlannedImage> {
  const state = { ...world, attempts: new Map([['acme/base', own]]), ...extra };
  return Object.fromEntries(planOf(world.fleet, state, now).images.map((image) => [image.name, image]));
}

describe('retries', () => {
  it.each([
    [1, 0],
    [2, 1],
    [3, 2],
    [4, 4],
    [5, 8],
    [6, 16],
    [7, 32],
    [20, 32],
  ])('after %i failures come %i hours later', (failures, hours) => {
    expect(retryTime(attempts({ failures, lastFailure: now }), defaultPolicy) - now).toBe(hours * hour);
  });
});

describe('an image whose builds failed', () => {
  it('is blocked with what builds on it, and says when it is tried again', () => {
    const { base, web, shop, other } = planned(brokenBase(), attempts({ failures: 3 }));
    expect(base).toMatchObject({ state: 'blocked', retryAt: now + hour, holdsUp: 2 });
    expect(base?.reason).toBe('its last 3 runs failed, the next try is due in 60 min; what was published before stays');
    expect(web?.reason).toMatch(/^blocked by base \(its last 3 runs failed/);
    expect(shop?.reason).toMatch(/^blocked by web, which is blocked by base \(/);
    expect(other).toMatchObject({ state: 'settled' });
  });

  it('is due when its time has come', () => {
    const { base } = planned(brokenBase(), attempts({ failures: 2 }));
    expect(base).toMatchObject({ state: 'blocked', retryAt: now });
    expect(base?.reason).toMatch(/the next try is due now/);
  });

  it.each<[string, Partial<Attempts>, Partial<FleetState>]>([
    ['no run failed since', { failures: 0 }, {}],
    ['the commit is a newer one', { revision: 'old' }, {}],
  ])('is ready as any other when %s', (_, own, extra) => {
    const world = brokenBase();
    const fleet = world.fleet.map((image) => ({ ...image, revision: 'new' }));
    const { base } = planned({ ...world, fleet }, attempts(own), extra);
    expect(base).toMatchObject({ state: 'ready' });
  });

  it('is tried at once on an upstream that changed just now', () => {
    const world = brokenBase();
    build(world, referenceOf('base'));
    const state = { ...world, attempts: new Map([['acme/web', attempts({ failures: 5 })]]) };
    const stateOfWeb = (extra: Partial<FleetState>): string | undefined =>
      planOf(world.fleet, { ...state, ...extra }, now).images.find(({ name }) => name === 'web')?.state;
    expect(stateOfWeb({})).toBe('blocked');
    expect(stateOfWeb({ changed: new Set([referenceOf('base')]) })).toBe('ready');
  });

  it('lets its dependents go on with its last good image once it failed for a day', () => {
    const world = brokenBase();
    change(world, 'web', 'next');
    const { base, web, shop } = planned(world, attempts({ failures: 6, firstFailure: now - 26 * hour }));
    expect(base).toMatchObject({ state: 'blocked', holdsUp: 0 });
    expect(web).toMatchObject({ state: 'ready', onLastGood: ['base'], holdsUp: 1 });
    expect(web?.reason).toMatch(/; on the last good base, which has failed for 26 h$/);
    expect(shop).toMatchObject({ state: 'waiting', reason: 'waiting for web' });
  });

  it('holds them for ever when it was never published: there is nothing to build on', () => {
    const world = worldOf(fleetOf({ base: [], web: ['base'] }));
    const { web } = planned(world, attempts({ firstFailure: now - 100 * hour }));
    expect(web).toMatchObject({ state: 'blocked' });
  });

  it('is tried again however many others fail', () => {
    const names = Array.from({ length: 300 }, (_, at) => [`i${at}`, `on${at}`] as const);
    const world = worldOf(
      fleetOf(
        Object.fromEntries(
          names.flatMap(([name, on]) => [
            [name, []],
            [on, [name]],
          ]),
        ),
      ),
    );
    const known = new Map(names.map(([name]) => [`acme/${name}`, attempts({})]));
    const { images } = planOf(world.fleet, { ...world, attempts: known }, now);
    expect(images.filter(({ retryAt }) => retryAt !== undefined)).toHaveLength(300);
  });

  it('says that a run is going on', () => {
    expect(planned(brokenBase(), attempts({ running: true })).base).toMatchObject({ running: true });
    expect(planned(brokenBase(), attempts({})).base).not.toHaveProperty('running');
  });
});

describe('a rebuild that was asked for', () => {
  it('makes an image ready that is up to date, and its dependents wait', () => {
    const world = worldOf(fleetOf({ base: [], web: ['base'] }));
    for (const { reference } of world.fleet) build(world, reference);
    const { images } = planOf(world.fleet, world, now, { ...defaultPolicy, force: new Set([referenceOf('base')]) });
    expect(images.map(({ name, state, reason }) => [name, state, reason])).toEqual([
      ['base', 'ready', 'its rebuild was asked for'],
      ['web', 'waiting', 'waiting for base'],
    ]);
  });
});
