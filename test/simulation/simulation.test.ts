/** Small cascades on a simulated clock; `npm run simulate` has thousands, and large ones. */
import { describe, expect, it } from '@jest/globals';
import { type PlainFleet, shapes, stackedDiamonds } from '../../local/simulate/fleets.ts';
import { noFaults } from '../../local/simulate/github.ts';
import { rowsOf } from '../../local/simulate/report.ts';
import { calmScenario, faultyScenario, type Scenario } from '../../local/simulate/scenarios.ts';
import { inWaves, lowerBound, perParent, type Work } from '../../local/simulate/schedules.ts';
import { shrink } from '../../local/simulate/shrink.ts';
import { simulate } from '../../local/simulate/simulation.ts';
import { judge } from '../../local/simulate/verdicts.ts';

/** Each image in a repository of its own, unless said otherwise; a build takes 100 s. */
function fleetOf(upstreams: readonly (readonly number[])[], repositories: readonly number[] = []): PlainFleet {
  return {
    shape: 'layers',
    images: upstreams.map((list, position) => ({
      upstreams: list,
      ...(list.length === 0 ? { outside: 0 } : {}),
      repository: repositories[position] ?? position,
      seconds: 100,
    })),
  };
}

const quiet: Omit<Scenario, 'plain'> = {
  seed: 1,
  runners: 4,
  start: 'empty',
  faults: noFaults,
  failing: [],
  laterChanges: 0,
};

describe('a cascade without faults', () => {
  it.each(shapes)('builds each image of a fleet once that has to be built, and no other: %s', async (shape) => {
    for (const seed of [1, 2, 3, 4]) {
      const { failures, waste } = await judge({ kind: 'calm', seed, wish: { shape, size: 12 } });
      expect({ seed, failures, waste }).toEqual({ seed, failures: [], waste: 0 });
    }
  });

  it('builds 5 stacked diamonds in 16 builds', async () => {
    const { builds, settled } = await simulate({ ...quiet, plain: fleetOf(stackedDiamonds(5)) });
    expect({ settled, builds: builds.reduce((sum, count) => sum + count, 0) }).toEqual({ settled: true, builds: 16 });
  });

  it('builds an image on top of one in its own repository and one in another only when both are there', async () => {
    // 2 builds on 0, in the same repository, and on 1, in another, which builds on 0 as well.
    const plain = fleetOf([[], [0], [0, 1]], [0, 1, 0]);
    const { builds, settled } = await simulate({ ...quiet, start: 'commit', plain });
    expect({ settled, builds }).toEqual({ settled: true, builds: [1, 1, 1] });
  });
});

describe('a cascade in which much goes wrong', () => {
  it.each(shapes)('settles all the same: %s', async (shape) => {
    for (const seed of [1, 2, 3]) {
      const { failures } = await judge({ kind: 'faulty', seed, wish: { shape, size: 12 } });
      expect({ seed, failures }).toEqual({ seed, failures: [] });
    }
  });

  it('builds on the last good image of one that never builds again', async () => {
    const failing = [{ position: 0, failures: Number.POSITIVE_INFINITY }];
    // Of the failing one's repository, 3 builds on it and on 2; 2 builds on it and on 1; the outside of both changes.
    const plain = fleetOf([[], [], [0, 1], [0, 2]], [0, 1, 2, 0]);
    const outcome = await simulate({ ...quiet, seed: 7, start: 'outside', plain, failing });
    expect(outcome).toMatchObject({ settled: true, wrong: [], builds: [0, 1, 1, 1] });
  });

  it('comes from its seed alone', async () => {
    const [one, other] = [await simulate(faultyScenario(7)), await simulate(faultyScenario(7))];
    expect(other).toEqual(one);
    expect(faultyScenario(8)).not.toEqual(faultyScenario(7));
  });
});

describe('the schedules that it is compared with', () => {
  /** 0 ← 1, 2; 3 is on its own and long. */
  const work: Work = {
    positions: [0, 1, 2, 3],
    upstreams: (position) => (position === 1 || position === 2 ? [0] : []),
    seconds: (position) => [10, 20, 20, 50][position] ?? 0,
  };

  it('are as long as can be worked out by hand', () => {
    expect(lowerBound(work, 2)).toBe(50);
    expect(lowerBound(work, 10)).toBe(50);
    // The first level takes 50 s on two runners, the second 20 s.
    expect(inWaves(work, 2)).toBe(70);
    expect(perParent(work, 3, 100)).toEqual({ builds: 4, last: 1, makespan: 50 });
  });

  it('build per parent what has two parents twice', () => {
    const diamond: Work = {
      positions: [0, 1, 2, 3],
      upstreams: (at) => [[], [0], [0], [1, 2]][at] ?? [],
      seconds: () => 1,
    };
    expect(perParent(diamond, 9, 100)).toMatchObject({ builds: 5, last: 2 });
    expect(perParent(diamond, 9, 3)).toBeUndefined();
  });
});

describe('the report', () => {
  it('says which figure is missed', async () => {
    const times = { own: 1.01, graham: 0.6, waves: 1.2 };
    const good = { ...(await judge({ kind: 'calm', seed: 1, wish: { shape: 'chain', size: 3 } })), times };
    const bad = { ...good, waste: 1, failures: ['an image is built too often, or not at all'] };
    const missed = (verdicts: Parameters<typeof rowsOf>[0]): string[] =>
      rowsOf(verdicts).flatMap(({ what, isMet }) => (isMet === false ? [what] : []));
    expect(missed([good])).toEqual([]);
    expect(missed([good, bad])).toEqual(['builds too many or too few, without faults']);
  });

  it('shrinks what fails to what matters', async () => {
    const fails = async ({ plain }: Scenario): Promise<boolean> =>
      plain.images.some(({ upstreams }) => upstreams.length > 1);
    const smallest = await shrink(calmScenario(3, { shape: 'diamonds', size: 40 }), fails);
    expect(smallest.plain.images).toHaveLength(3);
  });
});
