import { describe, expect, it } from '@jest/globals';
import { sourceName } from '../../src/fleet/index.ts';
import {
  build,
  buildUnchanged,
  change,
  fleetOf,
  planOf,
  platform,
  referenceOf,
  type World,
  worldOf,
} from './fleet-fixture.ts';

const shop = {
  'debian-base': ['docker.io/library/debian:bookworm'],
  nginx: ['debian-base'],
  python: ['debian-base'],
  'shop-api': ['python', 'acme/shop-app#main'],
  'shop-front': ['nginx', 'shop-api'],
};

/** A world in which everything is settled. */
function settled(upstreams: Readonly<Record<string, readonly string[]>>): World {
  const world = worldOf(fleetOf(upstreams));
  for (const { reference } of world.fleet) build(world, reference);
  world.builds.clear();
  return world;
}

function statesOf(world: World, extra: { changed?: Set<string>; unreadable?: Map<string, string> } = {}) {
  return Object.fromEntries(planOf(world.fleet, { ...world, ...extra }).images.map(({ name, state }) => [name, state]));
}

function reasonsOf(world: World, extra: { changed?: Set<string>; unreadable?: Map<string, string> } = {}) {
  return Object.fromEntries(
    planOf(world.fleet, { ...world, ...extra }).images.map(({ name, reason }) => [name, reason]),
  );
}

describe('plan', () => {
  it('has nothing to do in a settled fleet', () => {
    expect(statesOf(settled(shop))).toEqual({
      'debian-base': 'settled',
      nginx: 'settled',
      python: 'settled',
      'shop-api': 'settled',
      'shop-front': 'settled',
    });
  });

  it('starts an empty registry at the bottom', () => {
    const world = worldOf(fleetOf(shop));
    expect(statesOf(world)).toMatchObject({ 'debian-base': 'ready', nginx: 'waiting', 'shop-front': 'waiting' });
    expect(reasonsOf(world)).toMatchObject({
      'debian-base': 'never published',
      'shop-api': 'waiting for python, which waits for debian-base',
      'shop-front': 'waiting for nginx, which waits for debian-base, and for shop-api',
    });
  });

  it('holds an image back until each of its upstreams is settled', () => {
    const world = settled(shop);
    change(world, 'debian-base', 'next');
    build(world, referenceOf('debian-base'));
    build(world, referenceOf('nginx'));
    expect(statesOf(world)).toMatchObject({ nginx: 'settled', python: 'ready', 'shop-front': 'waiting' });
    build(world, referenceOf('python'));
    build(world, referenceOf('shop-api'));
    expect(statesOf(world)).toMatchObject({ 'shop-front': 'ready' });
  });

  it('holds back an image that is up to date with an upstream that is not', () => {
    const world = settled(shop);
    change(world, 'debian-base', 'next');
    expect(reasonsOf(world)).toMatchObject({ nginx: 'waiting for debian-base' });
  });

  it('leaves the dependents of an unchanged result alone', () => {
    const world = settled(shop);
    change(world, 'debian-base', 'a comment');
    buildUnchanged(world, referenceOf('debian-base'));
    expect(new Set(Object.values(statesOf(world)))).toEqual(new Set(['settled']));
  });

  it('notices an upstream outside of the fleet, and the commit of a source', () => {
    const world = settled(shop);
    world.platforms.set('docker.io/library/debian:bookworm', { [platform]: 'sha256:new' });
    expect(statesOf(world)).toMatchObject({ 'debian-base': 'ready', nginx: 'waiting' });
    const other = settled(shop);
    other.commits.set(sourceName('acme/shop-app', 'main'), 'next');
    expect(statesOf(other)).toMatchObject({ python: 'settled', 'shop-api': 'ready', 'shop-front': 'waiting' });
  });

  it('does not look at platforms that an image is not built for', () => {
    const world = settled(shop);
    const debian = 'docker.io/library/debian:bookworm';
    world.platforms.set(debian, { ...world.platforms.get(debian), 'linux/s390x': 'sha256:new' });
    expect(statesOf(world)).toMatchObject({ 'debian-base': 'settled' });
  });

  it('says which upstream changed where that is known', () => {
    const world = settled(shop);
    world.commits.set(sourceName('acme/shop-app', 'main'), 'next');
    const changed = new Set([sourceName('acme/shop-app', 'main')]);
    expect(reasonsOf(world, { changed })['shop-api']).toBe('upstream acme/shop-app#main changed');
    expect(reasonsOf(world)['shop-api']).toBe('an upstream or its own files changed since it was published');
  });

  it('blocks what failed and everything on top of it', () => {
    const world = settled(shop);
    change(world, 'python', 'broken');
    world.failed.add(referenceOf('python'));
    expect(statesOf(world)).toMatchObject({
      nginx: 'settled',
      python: 'blocked',
      'shop-api': 'blocked',
      'shop-front': 'blocked',
    });
    expect(reasonsOf(world)['shop-front']).toBe(
      'blocked by shop-api, which is blocked by python (its last build or test failed; what was published before stays)',
    );
  });

  it('forgets a failure once the image is up to date', () => {
    const world = settled(shop);
    world.failed.add(referenceOf('python'));
    expect(statesOf(world)).toMatchObject({ python: 'settled', 'shop-front': 'settled' });
  });

  it.each([
    ['a missing source', (world: World) => world.commits.clear(), 'its upstream acme/shop-app#main was not found'],
    [
      'an upstream without the platform',
      (world: World) => world.platforms.set(referenceOf('python'), { 'linux/s390x': 'sha256:other' }),
      `its upstream ${referenceOf('python')} is not published for linux/amd64`,
    ],
  ])('blocks an image on %s', (_, spoil, reason) => {
    const world = settled(shop);
    spoil(world);
    expect(statesOf(world)).toMatchObject({ 'shop-api': 'blocked', 'shop-front': 'blocked', nginx: 'settled' });
    expect(reasonsOf(world)['shop-api']).toBe(reason);
  });

  it('blocks an image whose upstream nobody builds', () => {
    const world = worldOf(fleetOf({ web: ['gone'] }));
    world.platforms.clear();
    expect(reasonsOf(world)).toEqual({ web: `its upstream ${referenceOf('gone')} is not published` });
  });

  it('says why something could not be read', () => {
    const world = settled(shop);
    const unreadable = new Map([['docker.io/library/debian:bookworm', 'the registry answered 429']]);
    expect(reasonsOf(world, { unreadable })['debian-base']).toBe(
      "its upstream docker.io/library/debian:bookworm can't be read: the registry answered 429",
    );
  });

  it('takes another tag of an image for the image itself', () => {
    const fleet = fleetOf({ base: [], web: ['ghcr.io/acme/base:12'] });
    const [base, web] = fleet;
    const world = worldOf([...(base ? [{ ...base, aliases: ['ghcr.io/acme/base:12'] }] : []), ...(web ? [web] : [])]);
    expect(statesOf(world)).toEqual({ base: 'ready', web: 'waiting' });
  });

  it('names a whole cycle and goes on with the rest', () => {
    const world = worldOf(fleetOf({ base: [], a: ['c'], b: ['a'], c: ['b', 'base'], top: ['a'], self: ['self'] }));
    const { cycles, images } = planOf(world.fleet, world);
    const names = cycles.map((cycle) => cycle.map((reference) => /([^/]+):latest/.exec(reference)?.[1]));
    expect(names).toEqual([['a', 'c', 'b'], ['self']]);
    const reasons = Object.fromEntries(images.map(({ name, state, reason }) => [name, `${state}: ${reason}`]));
    expect(reasons).toMatchObject({
      base: 'ready: never published',
      b: 'blocked: it builds on itself: a → c → b → a',
      self: 'blocked: it builds on itself: self → self',
      top: 'blocked: blocked by a (it builds on itself: a → c → b → a)',
    });
  });

  it('names each of two cycles that hang together', () => {
    const world = worldOf(fleetOf({ a: ['b'], b: ['a'], c: ['a', 'd'], d: ['c'] }));
    expect(planOf(world.fleet, world).cycles).toHaveLength(2);
  });

  it('puts the ready image with the longest chain of dependents first', () => {
    const world = worldOf(
      fleetOf({ lone: [], wide: [], deep: [], w1: ['wide'], w2: ['wide'], d1: ['deep'], d2: ['d1'] }),
    );
    const ready = planOf(world.fleet, world).images.filter(({ state }) => state === 'ready');
    expect(ready.map(({ name, remaining }) => [name, remaining])).toEqual([
      ['deep', 3],
      ['wide', 2],
      ['lone', 1],
    ]);
  });

  it('plans a chain that is longer than the call stack', () => {
    const names = Array.from({ length: 20_000 }, (_, at) => `i${at}`);
    const world = worldOf(fleetOf(Object.fromEntries(names.map((name, at) => [name, at === 0 ? [] : [`i${at - 1}`]]))));
    const { images } = planOf(world.fleet, world);
    expect(images.filter(({ state }) => state === 'ready').map(({ name }) => name)).toEqual(['i0']);
    expect(images.at(-1)?.reason).toBe('waiting for i19998, which waits for i19997, which waits for i19996, and so on');
  });
});
