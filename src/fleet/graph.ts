/** The graph of a fleet: who builds on whom. Nodes are positions in the list of images, so that large fleets stay cheap. */
import type { FleetImage, UpstreamName } from './types.ts';

export interface Graph {
  readonly images: readonly FleetImage[];
  /** Positions of the images that each image builds on; an image that builds on itself is its own upstream. */
  readonly upstreams: readonly (readonly number[])[];
  /** Positions of the images that build on each image: those of position `p` are from `firstDependents[p]` on. */
  readonly dependents: Int32Array;
  /** One more than there are images, so that each entry ends where the next begins. */
  readonly firstDependents: Int32Array;
  /** Position by reference, aliases included. */
  readonly positions: ReadonlyMap<string, number>;
  /**
   * A number for each upstream as each image names it, in the order of images and of their upstreams: the position for a
   * main tag, numbers from there on for all other names. What is known of a name is kept in lists by these.
   */
  readonly names: Int32Array;
  /** How many numbers there are. */
  readonly nameCount: number;
  /** Where the names of each image's upstreams begin. */
  readonly firstNames: Int32Array;
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
  const positions = new Map<string, number>();
  for (const [position, image] of images.entries()) positions.set(image.reference, position);
  // A main tag wins over another image's alias: it is what that other image's users asked for by that name.
  const hasAliases = new Uint8Array(images.length);
  for (const [position, { aliases = [] }] of images.entries())
    for (const alias of aliases) {
      hasAliases[position] = 1;
      if (!positions.has(alias)) positions.set(alias, position);
    }

  const upstreams: number[][] = [];
  const firstNames = new Int32Array(images.length);
  const names = new Int32Array(images.reduce((sum, image) => sum + image.upstreams.length, 0));
  const otherNames = new Map<string, number>();
  const countedFor = new Int32Array(images.length).fill(-1);
  const found: number[] = [];
  let next = 0;
  for (let position = 0; position < images.length; position += 1) {
    found.length = 0;
    firstNames[position] = next;
    for (const upstream of imageAt({ images }, position).upstreams) {
      const name = nameOfUpstream(upstream);
      const at = upstream.kind === 'image' ? positions.get(name) : undefined;
      // Texts of a large fleet are far apart in memory, so they are compared only where they may differ.
      const isMain = at !== undefined && (hasAliases[at] === 0 || images[at]?.reference === name);
      names[next] = isMain ? at : numberOf(name);
      next += 1;
      // Two tags of one image are one upstream.
      if (at === undefined || countedFor[at] === position) continue;
      countedFor[at] = position;
      found.push(at);
    }
    // A copy takes no more room than its entries, unlike a list that was pushed to.
    upstreams.push(found.slice());
  }
  return {
    images,
    upstreams,
    ...turnRound(upstreams),
    positions,
    names,
    nameCount: images.length + otherNames.size,
    firstNames,
  };

  function numberOf(name: string): number {
    const known = otherNames.get(name);
    if (known !== undefined) return known;
    const number = images.length + otherNames.size;
    otherNames.set(name, number);
    return number;
  }
}

/** Who builds on whom, from who is built on whom. */
function turnRound(upstreams: readonly (readonly number[])[]): Pick<Graph, 'dependents' | 'firstDependents'> {
  const firstDependents = new Int32Array(upstreams.length + 1);
  for (const list of upstreams)
    for (const upstream of list) firstDependents[upstream + 1] = (firstDependents[upstream + 1] ?? 0) + 1;
  for (let at = 1; at < firstDependents.length; at += 1)
    firstDependents[at] = (firstDependents[at] ?? 0) + (firstDependents[at - 1] ?? 0);
  const dependents = new Int32Array(firstDependents.at(-1) ?? 0);
  const next = firstDependents.slice();
  for (let position = 0; position < upstreams.length; position += 1)
    for (const upstream of upstreams[position] ?? []) {
      const at = next[upstream] ?? 0;
      dependents[at] = position;
      next[upstream] = at + 1;
    }
  return { dependents, firstDependents };
}

/** Positions of the images that build on the one at `position`. */
export function dependentsAt({ dependents, firstDependents }: Graph, position: number): Int32Array {
  return dependents.subarray(firstDependents[position], firstDependents[position + 1]);
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
  const relevant = reach(dependents, (position) => graph.upstreams[position] ?? []);
  return Array.from(Int32Array.from(relevant).sort(), (position) => imageAt(graph, position));
}

function graphOf(fleet: readonly FleetImage[] | Graph): Graph {
  return 'positions' in fleet ? fleet : createGraph(fleet);
}

function directDependents(graph: Graph, names: ReadonlySet<string>): readonly number[] {
  const found = new Set<number>();
  const outside = new Set<string>();
  for (const name of names) {
    const position = graph.positions.get(name);
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
