/**
 * What comparable systems decide, case by case. Where this suite means to do something else, the case says so.
 *
 * - ImageBuilder: stale images are those whose base has another digest now, in graphs of several roots
 *   (https://github.com/dotnet/docker-tools, GetStaleImagesCommand and its tests)
 * - meta-scripts: an image is built when no build has its id, a hash of source, platform and parents' digests
 *   (https://github.com/docker-library/meta-scripts)
 * - Open Build Service: what is built on a package waits for it, and not for it once it failed
 *   (https://openbuildservice.org/help/manuals/obs-user-guide/, "How OBS builds")
 * - kpack: whether a build is required, by the reason of the last one
 *   (https://github.com/buildpacks-community/kpack, pkg/reconciler/image/build_required_test.go)
 */
import { describe, expect, it } from '@jest/globals';
import type { FleetState, ImageState } from '../../src/fleet/types.ts';
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

const [debian, alpine] = ['docker.io/library/debian:bookworm', 'docker.io/library/alpine:3.20'];
const hour = 3_600_000;

interface Case {
  readonly title: string;
  readonly fleet: Readonly<Record<string, readonly string[]>>;
  /** What happens to the settled fleet. */
  readonly spoil: (world: World) => void;
  readonly state?: Partial<FleetState>;
  /** By name; everything else is settled. */
  readonly expected: Readonly<Record<string, ImageState>>;
}

const moveOutside = (world: World, reference: string): void => {
  world.platforms.set(reference, { [platform]: 'sha256:next' });
};
const nothing = (): void => {};

const imageBuilder: readonly Case[] = [
  { title: 'no base changed', fleet: { a: [debian], b: ['a'] }, spoil: nothing, expected: {} },
  {
    title: 'the base of one root of several changed',
    fleet: { a: [debian], b: [alpine], onA: ['a'], onB: ['b'] },
    spoil: (world) => moveOutside(world, alpine),
    expected: { b: 'ready', onB: 'waiting' },
  },
  {
    title: 'several roots share the base that changed',
    fleet: { a: [debian], b: [debian], onBoth: ['a', 'b'] },
    spoil: (world) => moveOutside(world, debian),
    expected: { a: 'ready', b: 'ready', onBoth: 'waiting' },
  },
  {
    title: 'only the last stage is looked at there; here each stage counts',
    fleet: { builder: [alpine], app: [debian, 'builder'] },
    spoil: (world) => moveOutside(world, alpine),
    expected: { builder: 'ready', app: 'waiting' },
  },
  {
    title: 'an image in the middle was never built',
    fleet: { a: [debian], b: ['a'], c: ['b'] },
    spoil: (world) => {
      world.published.delete(referenceOf('b'));
      world.platforms.delete(referenceOf('b'));
    },
    expected: { b: 'ready', c: 'waiting' },
  },
  {
    title: 'the base moved on while the image was built on the one before',
    fleet: { a: [debian], b: ['a'] },
    spoil: (world) => {
      change(world, 'b', 'next');
      build(world, referenceOf('b'));
      moveOutside(world, debian);
    },
    expected: { a: 'ready', b: 'waiting' },
  },
];

const metaScripts: readonly Case[] = [
  {
    title: 'the source changed: a new id',
    fleet: { a: [], b: ['a'] },
    spoil: (world) => change(world, 'a', 'next'),
    expected: { a: 'ready', b: 'waiting' },
  },
  {
    title: 'the parent was built again to the same digest: the same id',
    fleet: { a: [], b: ['a'] },
    spoil: (world) => {
      change(world, 'a', 'a comment');
      buildUnchanged(world, referenceOf('a'));
    },
    expected: {},
  },
  {
    title: 'a parent that changed on a platform that nobody builds for: the same id',
    fleet: { a: [debian] },
    spoil: (world) => world.platforms.set(debian, { ...world.platforms.get(debian), 'linux/riscv64': 'sha256:next' }),
    expected: {},
  },
  {
    title: 'the commit was taken back: an id that has a build, which has to be published again',
    fleet: { a: [] },
    spoil: (world) => {
      change(world, 'a', 'next');
      build(world, referenceOf('a'));
      change(world, 'a', '0');
    },
    expected: { a: 'ready' },
  },
  {
    title: 'an id that failed is tried again later',
    fleet: { a: [], b: ['a'] },
    spoil: (world) => change(world, 'a', 'broken'),
    state: { attempts: new Map([['acme/a', { failures: 3, firstFailure: 0, lastFailure: 0, running: false }]]) },
    expected: { a: 'blocked', b: 'blocked' },
  },
];

const openBuildService: readonly Case[] = [
  {
    title: 'what is built on something unfinished is blocked there, and waits here',
    fleet: { a: [], b: ['a'], c: ['b'] },
    spoil: (world) => change(world, 'a', 'next'),
    expected: { a: 'ready', b: 'waiting', c: 'waiting' },
  },
  {
    title: 'a change of its own does not let it overtake what it is built on',
    fleet: { a: [], b: ['a'] },
    spoil: (world) => {
      change(world, 'a', 'next');
      change(world, 'b', 'next');
    },
    expected: { a: 'ready', b: 'waiting' },
  },
  {
    title: 'on something broken its last good result is used, here after a day',
    fleet: { a: [], b: ['a'] },
    spoil: (world) => {
      change(world, 'a', 'broken');
      change(world, 'b', 'next');
    },
    state: {
      attempts: new Map([['acme/a', { failures: 9, firstFailure: -25 * hour, lastFailure: -1, running: false }]]),
    },
    expected: { a: 'blocked', b: 'ready' },
  },
  {
    title: 'what can not be resolved is left alone',
    fleet: { a: [debian], b: [] },
    spoil: (world) => world.platforms.delete(debian),
    expected: { a: 'blocked' },
  },
];

/** kpack asks of one image at a time; these are its reasons in the terms of a fleet. */
const kpack: readonly Case[] = [
  { title: 'BUILD not required: nothing changed', fleet: { a: [debian] }, spoil: nothing, expected: {} },
  {
    title: 'COMMIT: the source has another commit',
    fleet: { a: ['acme/app#main'] },
    spoil: (world) => world.commits.set('acme/app#main', 'next'),
    expected: { a: 'ready' },
  },
  {
    title: 'no COMMIT: another branch of the source has',
    fleet: { a: ['acme/app#main'] },
    spoil: (world) => world.commits.set('acme/app#next', 'next'),
    expected: {},
  },
  {
    title: 'CONFIG: its own settings changed',
    fleet: { a: [] },
    spoil: (world) => change(world, 'a', 'next'),
    expected: { a: 'ready' },
  },
  {
    title: 'STACK: the run image has another digest',
    fleet: { a: [debian] },
    spoil: (world) => moveOutside(world, debian),
    expected: { a: 'ready' },
  },
  {
    title: 'COMMIT and STACK at once: one build',
    fleet: { a: [debian, 'acme/app#main'] },
    spoil: (world) => {
      moveOutside(world, debian);
      world.commits.set('acme/app#main', 'next');
    },
    expected: { a: 'ready' },
  },
  {
    title: 'the last build failed, and the inputs are the same: not built, here until it is time to try again',
    fleet: { a: [] },
    spoil: (world) => change(world, 'a', 'broken'),
    state: { attempts: new Map([['acme/a', { failures: 2, firstFailure: 0, lastFailure: 0, running: false }]]) },
    expected: { a: 'blocked' },
  },
  {
    title: 'the last build failed, and an input changed: built',
    fleet: { a: ['acme/app#main'] },
    spoil: (world) => world.commits.set('acme/app#main', 'next'),
    state: {
      attempts: new Map([['acme/a', { failures: 2, firstFailure: 0, lastFailure: 0, running: false }]]),
      changed: new Set(['acme/app#main']),
    },
    expected: { a: 'ready' },
  },
  {
    title: 'the source can not be resolved: unknown, and not built',
    fleet: { a: ['acme/app#main'] },
    spoil: (world) => world.commits.clear(),
    expected: { a: 'blocked' },
  },
];

describe.each([
  ['ImageBuilder', imageBuilder],
  ['meta-scripts', metaScripts],
  ['Open Build Service', openBuildService],
  ['kpack', kpack],
])('the cases of %s', (_, cases) => {
  it.each(cases)('$title', ({ fleet, spoil, state, expected }) => {
    const world = worldOf(fleetOf(fleet));
    for (const { reference } of world.fleet) build(world, reference);
    spoil(world);
    const found = planOf(world.fleet, { ...world, ...state }).images;
    const unsettled = found.filter((image) => image.state !== 'settled');
    expect(Object.fromEntries(unsettled.map((image) => [image.name, image.state]))).toEqual(expected);
  });
});
