/** What follows from an image: the longest chain of what is to be built after it, and how many images wait for it. */
import { type Graph, imageAt } from './graph.ts';

export interface Chains {
  /** Images on the longest chain from each position; 0 where nothing is to be built. */
  readonly images: Int32Array;
  /** Seconds that the slowest chain takes; absent where no duration is known at all. */
  readonly seconds?: Float64Array;
}

/**
 * @param positions upstreams first
 * @param toBuild whether something is to be built at a position
 * @param durations seconds by reference; an image without counts as the median of those that have one
 */
export function remainingChains(
  graph: Graph,
  positions: readonly number[],
  toBuild: (position: number) => boolean,
  durations: ReadonlyMap<string, number> | undefined,
): Chains {
  const { values, starts } = graph.dependents;
  const images = new Int32Array(positions.length);
  const median = medianOf([...(durations?.values() ?? [])]);
  const seconds = median === undefined ? undefined : new Float64Array(positions.length);
  for (let at = positions.length - 1; at >= 0; at -= 1) {
    const position = positions[at] ?? 0;
    if (!toBuild(position)) continue;
    let [longest, slowest] = [0, 0];
    const end = starts[position + 1] ?? 0;
    for (let next = starts[position] ?? 0; next < end; next += 1) {
      const dependent = values[next] ?? 0;
      longest = Math.max(longest, images[dependent] ?? 0);
      if (seconds !== undefined) slowest = Math.max(slowest, seconds[dependent] ?? 0);
    }
    images[position] = longest + 1;
    if (seconds !== undefined && median !== undefined)
      seconds[position] = slowest + (durations?.get(imageAt(graph, position).reference) ?? median);
  }
  return seconds === undefined ? { images } : { images, seconds };
}

/** Causes that are counted for in one walk: the bits of a number. */
const causesInOneWalk = 32;
/** To count for each image of a large fleet who waits for it takes far longer than to plan it. */
const mostWalks = 8;

/**
 * How many images wait for each of `causes`, directly or through others; `undefined` for those after the first 256 that
 * anything waits for.
 *
 * @param positions upstreams first
 * @param waitsFor the upstreams that keep the image at a position waiting
 */
export function countWaiting(
  graph: Graph,
  positions: readonly number[],
  causes: readonly number[],
  waitsFor: (position: number) => readonly number[],
): ReadonlyMap<number, number> {
  const awaited = new Uint8Array(graph.images.length);
  const waiting = positions.filter((position) => waitsFor(position).length > 0);
  for (const position of waiting) for (const upstream of waitsFor(position)) awaited[upstream] = 1;
  const counts = new Map(causes.filter((cause) => awaited[cause] === 0).map((cause) => [cause, 0]));
  const counted = causes.filter((cause) => awaited[cause] === 1).slice(0, mostWalks * causesInOneWalk);
  const masks = new Int32Array(graph.images.length);
  for (let first = 0; first < counted.length; first += causesInOneWalk) {
    const some = counted.slice(first, first + causesInOneWalk);
    const sums = new Int32Array(some.length);
    masks.fill(0);
    for (const [bit, cause] of some.entries()) masks[cause] = 1 << bit;
    for (const position of waiting) {
      let mask = 0;
      for (const upstream of waitsFor(position)) mask |= masks[upstream] ?? 0;
      if (mask === 0) continue;
      masks[position] = (masks[position] ?? 0) | mask;
      for (let bit = 0; bit < some.length; bit += 1) if ((mask & (1 << bit)) !== 0) sums[bit] = (sums[bit] ?? 0) + 1;
    }
    for (const [bit, cause] of some.entries()) counts.set(cause, sums[bit] ?? 0);
  }
  return counts;
}

function medianOf(values: readonly number[]): number | undefined {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];
}
