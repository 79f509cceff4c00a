/**
 * Upstreams before dependents, and the cycles on the way: strongly connected components by Tarjan's algorithm
 * (https://doi.org/10.1137/0201010), with a stack of our own since a chain of images may be longer than the call stack.
 */
import { type Lists, listAt } from './lists.ts';

export interface Order {
  /** Every position, upstreams first; where there is a cycle, its members stand together. */
  readonly positions: readonly number[];
  /** For each component with a cycle: one cycle through it, and all its members. */
  readonly cycles: readonly { readonly cycle: readonly number[]; readonly members: readonly number[] }[];
}

export function orderUpstreamsFirst(upstreams: Lists): Order {
  const count = upstreams.starts.length - 1;
  const index = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const open = new Uint8Array(count);
  const next = upstreams.starts.slice();
  const stack: number[] = [];
  const path: number[] = [];
  const positions: number[] = [];
  const cycles: { cycle: number[]; members: number[] }[] = [];
  let visited = 0;

  for (let root = 0; root < count; root += 1) {
    if (index[root] !== -1) continue;
    path.push(root);
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      if (index[node] === -1) {
        index[node] = visited;
        low[node] = visited;
        visited += 1;
        open[node] = 1;
        stack.push(node);
      }
      const place = at(next, node);
      if (place < at(upstreams.starts, node + 1)) {
        const upstream = at(upstreams.values, place);
        next[node] = place + 1;
        if (index[upstream] === -1) path.push(upstream);
        else if (open[upstream] === 1) low[node] = Math.min(at(low, node), at(index, upstream));
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) low[parent] = Math.min(at(low, parent), at(low, node));
      if (low[node] !== index[node]) continue;
      // Most are components of their own.
      if (stack.at(-1) === node && !buildsOnItself(node, upstreams)) {
        stack.pop();
        open[node] = 0;
        positions.push(node);
        continue;
      }
      const members = stack.splice(stack.lastIndexOf(node));
      for (const member of members) open[member] = 0;
      positions.push(...members);
      cycles.push({ cycle: walk(members, upstreams), members });
    }
  }
  return { positions, cycles };
}

function buildsOnItself(node: number, { values, starts }: Lists): boolean {
  for (let place = at(starts, node); place < at(starts, node + 1); place += 1)
    if (at(values, place) === node) return true;
  return false;
}

/** Follows upstreams inside of a component until one comes twice: what lies between is a cycle. */
function walk(members: readonly number[], upstreams: Lists): number[] {
  const inside = new Set(members);
  const path: number[] = [];
  const place = new Map<number, number>();
  let node = Math.min(...members.slice(0, 1000));
  while (!place.has(node)) {
    place.set(node, path.length);
    path.push(node);
    node = listAt(upstreams, node).find((upstream) => inside.has(upstream)) ?? node;
  }
  return path.slice(place.get(node));
}

function at(array: Int32Array, position: number): number {
  return array[position] ?? 0;
}
