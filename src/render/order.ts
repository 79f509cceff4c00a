/** The order of the images of one repository: upstreams first. */

import type { Place } from '../problems.ts';
import { type Problem, ProblemsError } from '../problems.ts';

export interface Node {
  readonly name: string;
  readonly place: Place;
  /** Names of the images of the same repository that it builds on. */
  readonly upstreams: readonly string[];
}

/**
 * Names with upstreams first, else in the order given.
 * @throws ProblemsError that names each whole cycle
 */
export function upstreamsFirst(nodes: readonly Node[]): string[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const done = new Set<string>();
  const problems: Problem[] = [];
  const visit = (name: string, path: readonly string[]): void => {
    const node = byName.get(name);
    if (node === undefined || done.has(name)) return;
    const start = path.indexOf(name);
    if (start >= 0) {
      const cycle = path.slice(start);
      problems.push({
        message: `images build on each other in a circle: ${[...cycle, name].join(' → ')}`,
        hint: 'take one of these upstreams out',
        place: node.place,
      });
      return;
    }
    for (const upstream of node.upstreams) visit(upstream, [...path, name]);
    done.add(name);
  };
  for (const { name } of nodes) visit(name, []);
  if (problems.length > 0) throw new ProblemsError(problems);
  return [...done];
}
