import { describe, expect, it } from '@jest/globals';
import { limited } from '../../src/render/collect.ts';

/** Something to do that ends when it is told to. */
function task(): { run: () => Promise<void>; end: () => void; hasBegun: () => boolean } {
  let begun = false;
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const run = (): Promise<void> => {
    begun = true;
    return ended;
  };
  return { run, end: () => end(), hasBegun: () => begun };
}

describe('limited', () => {
  it('lets no more be done at a time, and the others in the order they came', async () => {
    const inTurn = limited(2);
    const tasks = [task(), task(), task(), task()];
    const outcomes = tasks.map(({ run }) => inTurn(run));
    const begun = (): boolean[] => tasks.map(({ hasBegun }) => hasBegun());
    expect(begun()).toEqual([true, true, false, false]);
    tasks[1]?.end();
    await outcomes[1];
    expect(begun()).toEqual([true, true, true, false]);
    for (const { end } of tasks) end();
    await Promise.all(outcomes);
    expect(begun()).toEqual([true, true, true, true]);
  });

  it('goes on behind what fails', async () => {
    const inTurn = limited(1);
    const failing = inTurn(() => Promise.reject(new Error('no')));
    const next = inTurn(() => Promise.resolve('done'));
    await expect(failing).rejects.toThrow('no');
    await expect(next).resolves.toBe('done');
  });
});
