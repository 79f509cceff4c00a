import { describe, expect, it } from '@jest/globals';
import { createPace } from '../../src/github/index.ts';

function clock() {
  let time = 0;
  return {
    now: () => time,
    sleep: async (milliseconds: number) => {
      time += milliseconds;
    },
  };
}

describe('the pace of requests', () => {
  it('spends at most 900 points in any minute', async () => {
    const { now, sleep } = clock();
    const pace = createPace({ now, sleep });
    const spent: { at: number; points: number }[] = [];
    await Promise.all(
      Array.from({ length: 1000 }, async (_, index) => {
        const points = index % 3 === 0 ? 1 : 5;
        await pace(points);
        spent.push({ at: now(), points });
      }),
    );
    const windows = spent.map(({ at }) =>
      spent.filter((other) => other.at > at - 60_000 && other.at <= at).reduce((sum, { points }) => sum + points, 0),
    );
    expect(Math.max(...windows)).toBeLessThanOrEqual(900);
    // 3,666 points: four full minutes of waiting, and not more.
    expect(now()).toBe(4 * 60_000);
  });

  it('does not hold up what is within the limit', async () => {
    const { now, sleep } = clock();
    const pace = createPace({ now, sleep });
    for (let deletion = 0; deletion < 180; deletion += 1) await pace(5);
    expect(now()).toBe(0);
  });
});
