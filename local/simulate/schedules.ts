/** What a cascade takes at least, and what it takes in the ways that others do it. */
import type { Outcome } from './simulation.ts';

/** The images to be built, by position. */
export interface Work {
  readonly positions: readonly number[];
  /** Of these: what each is built on. */
  readonly upstreams: (position: number) => readonly number[];
  /** Seconds that a job takes which builds it. */
  readonly seconds: (position: number) => number;
}

/** @param overhead seconds that every job takes besides the build */
export function workOf({ images, needed }: Outcome, overhead: number): Work {
  return {
    positions: [...needed].sort((one, other) => one - other),
    upstreams: (position) => (images[position]?.upstreamPositions ?? []).filter((upstream) => needed.has(upstream)),
    seconds: (position) => (images[position]?.seconds ?? 0) + overhead,
  };
}

/** No schedule is shorter: neither than the longest chain, nor than all of the work on all of the runners. */
export function lowerBound(work: Work, runners: number): number {
  const ends = new Map<number, number>();
  let [path, sum] = [0, 0];
  for (const position of work.positions) {
    const start = Math.max(0, ...work.upstreams(position).map((upstream) => ends.get(upstream) ?? 0));
    const seconds = work.seconds(position);
    ends.set(position, start + seconds);
    path = Math.max(path, start + seconds);
    sum += seconds;
  }
  return Math.max(path, sum / runners);
}

/** Level by level: the next level starts when all of the last one is built. Nothing is lost between jobs. */
export function inWaves(work: Work, runners: number): number {
  const levels: number[][] = [];
  const levelOf = new Map<number, number>();
  for (const position of work.positions) {
    const level = 1 + Math.max(-1, ...work.upstreams(position).map((upstream) => levelOf.get(upstream) ?? 0));
    levelOf.set(position, level);
    const list = levels[level] ?? [];
    levels[level] = list;
    list.push(position);
  }
  let time = 0;
  for (const level of levels) {
    const free = Array.from({ length: runners }, () => time);
    for (const position of level) {
      const first = free.indexOf(Math.min(...free));
      free[first] = (free[first] ?? 0) + work.seconds(position);
    }
    time = Math.max(...free);
  }
  return time;
}

export interface Naive {
  readonly builds: number;
  /** Builds of the last image. */
  readonly last: number;
  readonly makespan: number;
}

/**
 * Every build starts a build of each dependent, as pipelines do that trigger other pipelines.
 * @param mostBuilds after which it is given up: it may take 2^n of them
 */
export function perParent(work: Work, runners: number, mostBuilds: number): Naive | undefined {
  const dependents = new Map<number, number[]>(work.positions.map((position) => [position, []]));
  for (const position of work.positions)
    for (const upstream of work.upstreams(position)) dependents.get(upstream)?.push(position);
  const free = Array.from({ length: runners }, () => 0);
  // In the order in which they were asked for; those that start it all first.
  const queue = work.positions
    .filter((position) => work.upstreams(position).length === 0)
    .map((position) => ({ position, from: 0 }));
  const last = work.positions.at(-1);
  let [builds, lastBuilds, makespan] = [0, 0, 0];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (builds === mostBuilds) return undefined;
    const runner = free.indexOf(Math.min(...free));
    const end = Math.max(free[runner] ?? 0, next.from) + work.seconds(next.position);
    free[runner] = end;
    builds += 1;
    makespan = Math.max(makespan, end);
    if (next.position === last) lastBuilds += 1;
    for (const dependent of dependents.get(next.position) ?? []) queue.push({ position: dependent, from: end });
    if (queue.length > 1) queue.sort((one, other) => one.from - other.from);
  }
  return { builds, last: lastBuilds, makespan };
}
