import { describe, expect, it } from '@jest/globals';
import { callMethod, contains, noKwargs } from '../../../src/templates/python/index.ts';
import { allIndexes, indexOf, lastIndexOf, splitAt } from '../../../src/templates/python/search.ts';
import { evaluation } from './oracle.ts';

const { limits } = evaluation;
/** Long enough for the search that is not JavaScript's own. */
const long = 'ab'.repeat(100_000);
const wanted = `${'ab'.repeat(200)}c`;

describe('a search of long texts finds what a short one would', () => {
  const text = `${long}${wanted}x${wanted}${wanted}${long}`;
  const places = [long.length, long.length + wanted.length + 1, long.length + 2 * wanted.length + 1];

  it('the first, the last, and all places', () => {
    expect(indexOf(text, wanted, limits)).toBe(places[0]);
    expect(indexOf(text, wanted, limits, (places[0] ?? 0) + 1)).toBe(places[1]);
    expect(lastIndexOf(text, wanted, limits)).toBe(places[2]);
    expect(allIndexes(text, wanted, limits)).toEqual(places);
    expect(splitAt(text, wanted, limits)).toEqual([long, 'x', '', long]);
  });

  it('places that overlap count once', () => {
    expect(allIndexes('a'.repeat(500_000), 'a'.repeat(100_000), limits)).toEqual([
      0, 100_000, 200_000, 300_000, 400_000,
    ]);
  });

  it('nothing', () => {
    expect(indexOf(long, `${wanted}d`, limits)).toBe(-1);
    expect(lastIndexOf(long, `${wanted}d`, limits)).toBe(-1);
    expect(splitAt(long, `${wanted}d`, limits)).toEqual([long]);
  });
});

describe('texts that are made to be slow to search', () => {
  const text = 'a'.repeat(900_000);
  const half = 'a'.repeat(100_000);

  it.each([
    ['find', `${half}b${half}`],
    ['rfind', `${half}b${half}`],
    ['count', `${half}b${half}`],
    ['split', `${half}b${half}`],
    ['partition', `${half}b${half}`],
    ['rpartition', `b${half}`],
  ])('%s asks for the time all along', (name, slow) => {
    let ticks = 0;
    const watched = { ...evaluation, limits: { ...limits, tick: () => void ticks++ } };
    callMethod(text, name, [slow], noKwargs, watched);
    expect(ticks).toBeGreaterThan(200);
  });

  it('in does, too', () => {
    expect(contains(text, `${half}b${half}`, evaluation)).toBe(false);
  });
});
