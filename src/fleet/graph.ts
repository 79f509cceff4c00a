/** The graph of a fleet: who builds on whom. Nodes are positions in the list of images, so that large fleets stay cheap. */
import type { FleetImage, UpstreamName } from './types.ts';

export interface Graph {
  readonly images: readonly FleetImage[];
  /** Positions of the images that each image builds on; an image that builds on itself is its own upstream. */
  readonly upstreams: readonly (readonly number[])[];
  readonly dependents: readonly (readonly number[])[];
  /** Position by reference, aliases included. */
  readonly positions: ReadonlyMap<string, number>;
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
  for (const [position, image] of images.entries())
    for (const alias of image.aliases ?? []) if (!positions.has(alias)) positions.set(alias, position);

  const dependents: number[][] = images.map(() => []);
  const upstreams = images.map((image, position) => {
    const found = new Set<number>();
    for (const upstream of image.upstreams) {
      const at = upstream.kind === 'image' ? positions.get(upstream.reference) : undefined;
      if (at !== undefined) found.add(at);
    }
    for (const at of found) dependents[at]?.push(position);
    return [...found];
  });
  return { images, upstreams, dependents, positions };
}

/**
 * References of the images that build on one of `names`, directly or through others. The named ones are among them only
 * where they are on a cycle.
 *
 * @param names references (aliases too, in the fleet or outside) and `sourceName`s
 */
export function dependentsOf(fleet: readonly FleetImage[], names: Iterable<string>): ReadonlySet<string> {
  const graph = createGraph(fleet);
  const found = reach(directDependents(graph, new Set(names)), graph.dependents);
  return new Set(found.map((position) => graph.images[position]?.reference ?? ''));
}

/**
 * The part of the fleet that has a say in what follows from a change of `names`: the dependents, and all that these
 * build on. The plan of this part is the plan of the fleet, cut down to it.
 */
export function relevantTo(fleet: readonly FleetImage[], names: Iterable<string>): readonly FleetImage[] {
  const graph = createGraph(fleet);
  const dependents = reach(directDependents(graph, new Set(names)), graph.dependents);
  const relevant = new Set(reach(dependents, graph.upstreams));
  return fleet.filter((_, position) => relevant.has(position));
}

function directDependents(graph: Graph, names: ReadonlySet<string>): readonly number[] {
  const changed = new Set<number>();
  for (const name of names) {
    const position = graph.positions.get(name);
    if (position !== undefined) changed.add(position);
  }
  const found: number[] = [];
  for (const [position, image] of graph.images.entries()) {
    const builds =
      image.upstreams.some((upstream) => names.has(nameOfUpstream(upstream))) ||
      graph.upstreams[position]?.some((upstream) => changed.has(upstream));
    if (builds) found.push(position);
  }
  return found;
}

/** `from` and everything that `next` leads to from there. */
function reach(from: readonly number[], next: readonly (readonly number[])[]): readonly number[] {
  const seen = new Set(from);
  // A set's iterator also visits what is added on the way.
  for (const position of seen) for (const other of next[position] ?? []) seen.add(other);
  return [...seen];
}
