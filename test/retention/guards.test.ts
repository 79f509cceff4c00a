import { describe, expect, it } from '@jest/globals';
import { guardProblems, type ListedManifest, planRotation } from '../../src/retention/index.ts';
import { branchBuild, defaultBuild, now, repository } from './listings.ts';

describe('the guards', () => {
  const plan = (manifests: readonly ListedManifest[]) => planRotation([repository(manifests)], now);
  const old = [...branchBuild('a', 30), ...branchBuild('b', 30)];

  it('stop a plan that deletes everything of an image', () => {
    expect(guardProblems(plan(old), 1)).toMatchObject([
      { message: 'rotation would delete every build of registry.example/acme/web (4 manifests)' },
    ]);
  });

  it('stop a plan that deletes more than a share of a repository, and say how to allow it', () => {
    const manifests = [...old, ...defaultBuild('c', 1)];
    expect(guardProblems(plan(manifests), 0.5)).toEqual([
      {
        message:
          'rotation would delete 4 of the 6 manifests of registry.example/acme/web, 67 %, and max-share allows 50 %',
        hint: 'look at the plan with dry-run: true; if it is meant, run it once with max-share: 67',
      },
    ]);
    expect(guardProblems(plan(manifests), 0.67)).toEqual([]);
  });

  it('let a plan pass that deletes nothing', () => {
    expect(guardProblems(plan([]), 0)).toEqual([]);
  });
});
