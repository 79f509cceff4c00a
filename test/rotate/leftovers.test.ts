import { describe, expect, it } from '@jest/globals';
import type { StoredItem } from '../../src/github/index.ts';
import { planLeftovers } from '../../src/rotate/leftovers.ts';
import { configOf } from './config.ts';

const now = new Date('2026-11-23T12:00:00Z');
const young = '2026-11-20T00:00:00Z';
const old = '2026-11-01T00:00:00Z';

function plan(item: Partial<StoredItem>, settings: { artifacts?: string[]; caches?: string[]; more?: string } = {}) {
  const { artifacts = ['*'], caches = ['*'], more } = settings;
  const whole: StoredItem = { kind: 'cache', id: 1, name: 'k', usedAt: young, size: 1, ...item };
  const branches = {
    defaultBranch: 'main',
    branches: new Set(['main', 'feature/x']),
    openPullRequests: new Set(['1']),
  };
  const { retention: policy } = configOf('r.test', ['web'], more);
  return planLeftovers({ items: [whole], branches, policy, artifacts, caches }, now).map(({ reason }) => reason);
}

describe('artifacts and caches', () => {
  it.each([
    ['of a branch that is gone', { ref: 'refs/heads/gone' }, ['branch gone is gone']],
    ['of a pull request that is closed', { ref: 'refs/pull/7/merge' }, ['pull request 7 is closed']],
    [
      'of a branch, used long ago',
      { ref: 'refs/heads/feature/x', usedAt: old },
      ['branch feature/x: last used 2026-11-01; keep-for 7 days'],
    ],
    [
      'of an open pull request, used long ago',
      { ref: 'refs/pull/1/merge', usedAt: old },
      ['pull request 1: last used 2026-11-01; keep-for 7 days'],
    ],
    ['of a fork, used long ago', { usedAt: old }, ['a pull request: last used 2026-11-01; keep-for 7 days']],
  ])('go: %s', (_, item, reasons) => {
    expect(plan(item)).toEqual(reasons);
  });

  it.each([
    ['with a deletion record', { kind: 'artifact' as const, name: 'image-cascade-rotation-1', ref: 'refs/heads/gone' }],
    ['of the default branch', { ref: 'refs/heads/main', usedAt: old }],
    ['of a git tag', { ref: 'refs/tags/v1', usedAt: old }],
    ['of a branch, used lately', { ref: 'refs/heads/feature/x' }],
    ['of an open pull request, used lately', { ref: 'refs/pull/1/merge' }],
    ['of a fork, used lately', {}],
  ])('stay: %s', (_, item) => {
    expect(plan(item)).toEqual([]);
  });

  it('go by the rule of their branch', () => {
    const more = "retention: { branches: [{ match: 'feature/**', keep-for: 2d }] }";
    expect(plan({ ref: 'refs/heads/feature/x' }, { more })).toHaveLength(1);
    const forever = "retention: { branches: [{ match: 'feature/**', keep-for: forever }] }";
    expect(plan({ ref: 'refs/heads/feature/x', usedAt: old }, { more: forever })).toEqual([]);
  });

  it('are looked at where a pattern fits', () => {
    const gone = { ref: 'refs/heads/gone', name: 'node/cache-1' };
    expect(plan(gone, { caches: ['node/*'] })).toHaveLength(1);
    expect(plan(gone, { caches: ['go-*'] })).toEqual([]);
    expect(plan(gone, { caches: [] })).toEqual([]);
    expect(plan({ ...gone, kind: 'artifact' }, { caches: ['*'], artifacts: [] })).toEqual([]);
  });
});
