/** Random fleets of the shapes that fleets have. */
import type { Random } from './random.ts';

export const shapes = ['chain', 'tree', 'diamonds', 'fan', 'layers', 'repositories'] as const;
export type Shape = (typeof shapes)[number];

export interface PlainImage {
  /** Positions of the images that it builds on, all before its own. */
  readonly upstreams: readonly number[];
  /** Number of the image outside of the fleet that it builds on as well. */
  readonly outside?: number;
  /** Number of its repository. */
  readonly repository: number;
  /** Seconds that its build takes. */
  readonly seconds: number;
}

export interface PlainFleet {
  readonly shape: Shape;
  readonly images: readonly PlainImage[];
}

/** @param size images, about */
export function makeFleet(shape: Shape, size: number, random: Random): PlainFleet {
  const upstreams = graphs[shape](size, random);
  const several = shape === 'repositories';
  // Images of one repository are anywhere in the graph, so that a cascade comes back to it.
  const repositories = Math.max(1, Math.floor(upstreams.length / 3));
  const images = upstreams.map((list, position): PlainImage => {
    const outside = list.length === 0 || random.chance(0.1) ? { outside: random.between(0, 2) } : {};
    return {
      upstreams: list,
      ...outside,
      repository: several ? random.between(0, repositories - 1) : position,
      seconds: buildSeconds(random),
    };
  });
  return { shape, images };
}

/** `k` diamonds on top of each other: 3k + 1 images. */
export function stackedDiamonds(k: number): number[][] {
  const upstreams: number[][] = [[]];
  for (let diamond = 0; diamond < k; diamond += 1) {
    const below = upstreams.length - 1;
    upstreams.push([below], [below], [below + 1, below + 2]);
  }
  return upstreams;
}

const graphs: Readonly<Record<Shape, (size: number, random: Random) => number[][]>> = {
  chain: (size) => Array.from({ length: size }, (_, position) => (position === 0 ? [] : [position - 1])),
  tree: (size, random) => {
    const branches = random.between(2, 6);
    return Array.from({ length: size }, (_, position) =>
      position === 0 ? [] : [Math.floor((position - 1) / branches)],
    );
  },
  diamonds: (size) => stackedDiamonds(Math.max(1, Math.round((size - 1) / 3))),
  fan: (size, random) => {
    const roots = random.between(1, Math.min(3, size));
    return Array.from({ length: size }, (_, position) => (position < roots ? [] : [random.between(0, roots - 1)]));
  },
  layers: (size, random) => {
    const layer = Math.max(1, Math.round(size / random.between(3, 6)));
    return Array.from({ length: size }, (_, position) => {
      const first = Math.floor(position / layer) * layer;
      return first === 0 ? [] : someBefore(first, Math.max(0, first - 2 * layer), random);
    });
  },
  repositories: (size, random) =>
    Array.from({ length: size }, (_, position) =>
      position === 0 || random.chance(0.05) ? [] : someBefore(position, 0, random),
    ),
};

function someBefore(end: number, first: number, random: Random): number[] {
  const some = Array.from({ length: random.between(1, 3) }, () => random.between(first, end - 1));
  return [...new Set(some)];
}

/** Most builds take some minutes, few take very long: half are below 3 minutes, and none takes over 30. */
function buildSeconds(random: Random): number {
  // Box and Muller's way to a normal distribution.
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  return Math.min(1800, Math.max(30, Math.round(180 * Math.exp(0.7 * normal))));
}
