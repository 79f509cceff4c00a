import { describe, expect, it } from '@jest/globals';
import { type DispatchScope, decideDispatches } from '../../src/cascade/index.ts';
import type { ImageState, Plan } from '../../src/fleet/types.ts';

/** `repository/name: state`, in the planner's order. */
function planOf(images: Readonly<Record<string, ImageState>>): Plan {
  return {
    cycles: [],
    images: Object.entries(images).map(([path, state]) => {
      const [repository = '', name = ''] = path.split('/');
      return { reference: name, name, repository, state, reason: `${name} ${state}`, remaining: 1 };
    }),
  };
}

const everything: DispatchScope = { handled: new Set(), superseded: new Set() };
const decided = (plan: Plan, scope: Partial<DispatchScope> = {}) =>
  decideDispatches(plan, { ...everything, ...scope }).dispatches.map(({ repository, images }) => [
    repository,
    ...images,
  ]);

describe('decideDispatches', () => {
  it('tells each repository once, in the order of its most urgent image', () => {
    const plan = planOf({ 'b/b1': 'ready', 'a/a1': 'ready', 'b/b2': 'ready' });
    expect(decided(plan)).toEqual([
      ['b', 'b1', 'b2'],
      ['a', 'a1'],
    ]);
    expect(decideDispatches(plan, everything).dispatches[0]?.reason).toBe('b1: b1 ready; b2: b2 ready');
  });

  it('tells nobody of what is waiting, blocked or settled', () => {
    expect(decided(planOf({ 'a/a': 'waiting', 'b/b': 'blocked', 'c/c': 'settled' }))).toEqual([]);
  });

  it.each<[string, Partial<DispatchScope>, string[][]]>([
    ['is not asked about', { about: new Set(['y']) }, [['r', 'y']]],
    ['this run has handled', { handled: new Set(['x']) }, [['r', 'y']]],
    ['a newer commit is about to build', { superseded: new Set(['r']) }, []],
  ])('leaves out what %s', (_, scope, expected) => {
    expect(decided(planOf({ 'r/x': 'ready', 'r/y': 'ready' }), scope)).toEqual(expected);
  });
});
