/** The graph of a fleet: who builds on whom. Nodes are positions in the list of images, so that large fleets stay cheap. */
import { type Lists, listAt, turnRound } from './lists.ts';
import type { FleetImage, UpstreamName } from './types.ts';

export interface Graph {
  readonly images: readonly FleetImage[];
  /** Positions of the images that each image builds on; an image that builds on itself is its own upstream. */
  readonly upstreams: Lists;
  /** Positions of the images that build on each image. */
  readonly dependents: Lists;
  /** Numbers of the upstreams as each image names them, in its order. What is known of a name is kept in lists by these. */
  readonly names: Lists;
  /** The number of each name: the position for a main tag, numbers from there on for all others. */
  readonly numbers: ReadonlyMap<string, number>;
  /** Of the names that are no main tag: the position of the image that they are an alias of, -1 for one outside. */
  readonly otherPositions: readonly number[];
}

/** Identity of a branch of an application repository. GitHub ignores case in names of repositories. */
export function sourceName(repository: string, ref: string): string {
  return `${repository.toLowerCase()}#${ref}`;
}

/** Identity of any upstream: the key of its state. */
export function nameOfUpstream(upstream: UpstreamName): string {
  return upstream.kind === 'image' ? upstream.reference : sourceName(upstream.repository, upstream.ref);
}

export function createGraph(images: readonly FleetImage[]): Graph {
  const numbers = new Map<string, number>();
  for (let position = 0; position < images.length; position += 1)
    numbers.set(imageAt({ images }, position).reference, position);
  const otherPositions: number[] = [];
  const add = (name: string, position: number): number => {
    const number = images.length + otherPositions.length;
    numbers.set(name, number);
    otherPositions.push(position);
    return number;
  };
  // A main tag wins over another image's alias: it is what that other image's users asked for by that name.
  for (let position = 0; position < images.length; position += 1)
    for (const alias of imageAt({ images }, position).aliases ?? []) if (!numbers.has(alias)) add(alias, position);

  const count = images.reduce((sum, { upstreams }) => sum + upstreams.length, 0);
  const [names, upstreams] = [new Int32Array(count), new Int32Array(count)];
  const [firstNames, firstUpstreams] = [new Int32Array(images.length + 1), new Int32Array(images.length + 1)];
  const countedFor = new Int32Array(images.length).fill(-1);
  let [nameCount, upstreamCount] = [0, 0];
  for (let position = 0; position < images.length; position += 1) {
    for (const upstream of imageAt({ images }, position).upstreams) {
      const name = nameOfUpstream(upstream);
      const number = numbers.get(name) ?? add(name, -1);
      names[nameCount] = number;
      nameCount += 1;
      const at = number < images.length ? number : (otherPositions[number - images.length] ?? -1);
      // Two tags of one image are one upstream.
      if (at === -1 || countedFor[at] === position) continue;
      countedFor[at] = position;
      upstreams[upstreamCount] = at;
      upstreamCount += 1;
    }
    firstNames[position + 1] = nameCount;
    firstUpstreams[position + 1] = upstreamCount;
  }
  const upstreamLists = { values: upstreams.subarray(0, upstreamCount), starts: firstUpstreams };
  return {
    images,
    upstreams: upstreamLists,
    dependents: turnRound(upstreamLists),
    names: { values: names, starts: firstNames },
    numbers,
    otherPositions,
  };
}

/** Position of the image of a name, which may be an alias; `undefined` for what is not in the fleet. */
export function positionOf({ images, numbers, otherPositions }: Graph, name: string): number | undefined {
  const number = numbers.get(name);
  if (number === undefined || number < images.length) return number;
  const position = otherPositions[number - images.length];
  return position === -1 ? undefined : position;
}

/** Positions of the images that the one at `position` builds on. */
export function upstreamsAt({ upstreams }: Graph, position: number): Int32Array {
  return listAt(upstreams, position);
}

/** Positions of the images that build on the one at `position`. */
export function dependentsAt({ dependents }: Graph, position: number): Int32Array {
  return listAt(dependents, position);
}

export function imageAt({ images }: Pick<Graph, 'images'>, position: number): FleetImage {
  const image = images[position];
  if (image === undefined) throw new RangeError(`no image at ${position}`);
  return image;
}

/**
 * References of the images that build on one of `names`, directly or through others. The named ones are among them only
 * where they are on a cycle.
 *
 * @param names references (aliases too, in the fleet or outside) and `sourceName`s
 */
export function dependentsOf(fleet: readonly FleetImage[] | Graph, names: Iterable<string>): ReadonlySet<string> {
  const graph = graphOf(fleet);
  const found = reach(directDependents(graph, new Set(names)), (position) => dependentsAt(graph, position));
  return new Set(found.map((position) => imageAt(graph, position).reference));
}

/**
 * The part of the fleet that has a say in what follows from a change of `names`: the dependents, and all that these
 * build on. The plan of this part is the plan of the fleet, cut down to it.
 */
export function relevantTo(fleet: readonly FleetImage[] | Graph, names: Iterable<string>): readonly FleetImage[] {
  const graph = graphOf(fleet);
  const dependents = reach(directDependents(graph, new Set(names)), (position) => dependentsAt(graph, position));
  const relevant = reach(dependents, (position) => upstreamsAt(graph, position));
  return Array.from(Int32Array.from(relevant).sort(), (position) => imageAt(graph, position));
}

function graphOf(fleet: readonly FleetImage[] | Graph): Graph {
  return 'numbers' in fleet ? fleet : createGraph(fleet);
}

function directDependents(graph: Graph, names: ReadonlySet<string>): readonly number[] {
  const found = new Set<number>();
  const outside = new Set<string>();
  for (const name of names) {
    const position = positionOf(graph, name);
    if (position === undefined) outside.add(name);
    else for (const dependent of dependentsAt(graph, position)) found.add(dependent);
  }
  if (outside.size > 0)
    for (const [position, image] of graph.images.entries())
      if (image.upstreams.some((upstream) => outside.has(nameOfUpstream(upstream)))) found.add(position);
  return [...found];
}

/** `from` and everything that `next` leads to from there. */
function reach(from: readonly number[], next: (position: number) => Iterable<number>): readonly number[] {
  const seen = new Set(from);
  // A set's iterator also visits what is added on the way.
  for (const position of seen) for (const other of next(position)) seen.add(other);
  return [...seen];
}
