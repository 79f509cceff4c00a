import { describe, expect, it } from '@jest/globals';
import type { PublishedInputs } from '../../src/fleet/types.ts';
import { build, change, fleetOf, planOf, platform, referenceOf, worldOf } from './fleet-fixture.ts';

const debian = 'docker.io/library/debian:bookworm-slim';
const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;

/** Why `python` is rebuilt when `debian:bookworm-slim` and a source are what they are now. */
function reasonWith(previous: PublishedInputs | undefined, spoil?: string): string | undefined {
  const world = worldOf(fleetOf({ python: [debian, 'acme/app#main'] }));
  build(world, referenceOf('python'));
  world.platforms.set(debian, { [platform]: digest('9') });
  if (spoil !== undefined) change(world, 'python', spoil);
  const state = { ...world, previous: new Map(previous === undefined ? [] : [[referenceOf('python'), previous]]) };
  return planOf(world.fleet, state).images[0]?.reason;
}

const upstreams = (state: string): Map<string, string[]> =>
  new Map([
    [debian, [state]],
    ['acme/app#main', ['commit 0']],
  ]);

describe('the reason of a rebuild', () => {
  it('names the upstream that changed, from what to what', () => {
    expect(reasonWith({ upstreams: upstreams(digest('1')) })).toBe(
      'upstream debian:bookworm-slim changed sha256:111111111111… → sha256:999999999999…',
    );
  });

  it('names the files that changed', () => {
    const previous = {
      upstreams: upstreams(digest('9')),
      objects: { 'images.yaml': 'python 0', 'docker/python': 'x' },
    };
    expect(reasonWith(previous, 'next')).toBe('docker/python and images.yaml changed');
  });

  it('names both', () => {
    const previous = { upstreams: upstreams(digest('1')), objects: { 'images.yaml': 'python 0' } };
    expect(reasonWith(previous, 'next')).toMatch(
      /^upstream debian:bookworm-slim changed .*, and images\.yaml changed$/,
    );
  });

  it('names the commits of a source', () => {
    const previous = new Map([
      [debian, [digest('9')]],
      ['acme/app#main', ['0123456789abcdef']],
    ]);
    expect(reasonWith({ upstreams: previous })).toBe('upstream acme/app#main changed 0123456789ab… → commit 0');
  });

  it('knows a digest of several that an upstream is known by', () => {
    const previous = new Map([
      [debian, [digest('5'), digest('9')]],
      ['acme/app#main', ['commit 0']],
    ]);
    expect(reasonWith({ upstreams: previous })).toBe('its own files changed since it was published');
  });

  it('says so when nobody knows', () => {
    expect(reasonWith(undefined)).toBe('an upstream or its own files changed since it was published');
    expect(reasonWith({ upstreams: new Map() })).toBe('an upstream or its own files changed since it was published');
  });
});

describe('the order of what is ready', () => {
  it('goes by what past builds took, an unknown one counting as their median', () => {
    const world = worldOf(fleetOf({ slow: [], wide: [], w1: ['wide'], unknown: [] }));
    const durations = new Map([
      [referenceOf('slow'), 900],
      [referenceOf('wide'), 60],
      [referenceOf('w1'), 100],
    ]);
    const ready = planOf(world.fleet, { ...world, durations }).images.filter(({ state }) => state === 'ready');
    expect(ready.map(({ name, remaining, remainingSeconds }) => [name, remaining, remainingSeconds])).toEqual([
      ['slow', 1, 900],
      ['wide', 2, 160],
      ['unknown', 1, 100],
    ]);
  });
});

describe('who holds up how many', () => {
  it('counts each image that waits once, however many ways lead to it', () => {
    const world = worldOf(fleetOf({ base: [], a: ['base'], b: ['base'], top: ['a', 'b'], lone: [] }));
    const found = planOf(world.fleet, world).images.map(({ name, holdsUp }) => [name, holdsUp]);
    expect(Object.fromEntries(found)).toEqual({ base: 3, lone: 0, a: undefined, b: undefined, top: undefined });
  });

  it('counts for more causes than a number has bits', () => {
    const count = 70;
    const names = Array.from({ length: count }, (_, at) => `r${at}`);
    const world = worldOf(
      fleetOf({ ...Object.fromEntries(names.map((name) => [name, []])), all: names, last: ['all'] }),
    );
    const ready = planOf(world.fleet, world).images.filter(({ state }) => state === 'ready');
    expect(ready.map(({ holdsUp }) => holdsUp)).toEqual(Array(count).fill(2));
  });
});
