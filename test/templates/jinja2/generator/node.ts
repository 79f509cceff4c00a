/** Trees of template text that know how to become smaller. */

import type { Random } from './random.ts';

/** What may stand in a node's place is what has the same sort. */
export type Sort = 'expression' | 'statement' | 'statements' | 'text' | 'mark' | 'part' | 'files';

export interface Node {
  readonly sort: Sort;
  readonly parts: readonly (string | Node)[];
  /** The parts are items, each of which can be left out, written with this between them. */
  readonly separator?: string;
  /** How many items have to stay. */
  readonly minimum?: number;
}

const smallest: Readonly<Record<Sort, string | undefined>> = {
  expression: '1',
  statement: '',
  statements: '',
  text: '',
  mark: '',
  part: undefined,
  files: undefined,
};

export function node(sort: Sort, ...parts: readonly (string | Node)[]): Node {
  return { sort, parts };
}

export function list(sort: Sort, separator: string, items: readonly (string | Node)[], minimum = 0): Node {
  return { sort, parts: items, separator, minimum };
}

export function expr(...parts: readonly (string | Node)[]): Node {
  return node('expression', ...parts);
}

export function filtered(subject: Node, ...filters: readonly (string | Node)[]): Node {
  return expr('(', subject, ')|', ...filters);
}

const slices = ['[1:]', '[:2]', '[::-1]', '[-2:]', '[::2]', '[:-1]', '[:]', '[1:3]', '[5:]', '[2:0:-1]'];

export function slice({ pick }: Random): string {
  return pick(slices);
}

export function textOf(part: string | Node): string {
  return typeof part === 'string' ? part : part.parts.map(textOf).join(part.separator ?? '');
}

/** Nodes that may stand for this one and are shorter, each one step away. */
export function* smaller(tree: Node): Generator<Node> {
  const length = textOf(tree).length;
  const least = smallest[tree.sort];
  if (least !== undefined && least.length < length) yield node(tree.sort, least);
  for (const inner of descendants(tree, 3)) if (inner.sort === tree.sort && textOf(inner).length < length) yield inner;
  if (tree.separator !== undefined)
    for (const kept of fewer(tree.parts, tree.minimum ?? 0)) yield { ...tree, parts: kept };
  for (const [index, part] of tree.parts.entries())
    if (typeof part !== 'string')
      for (const other of smaller(part)) yield { ...tree, parts: tree.parts.with(index, other) };
}

function* fewer<T>(items: readonly T[], minimum: number): Generator<readonly T[]> {
  const half = Math.floor(items.length / 2);
  if (half >= 2 && half >= minimum) {
    yield items.slice(0, half);
    yield items.slice(half);
  }
  if (items.length > minimum) for (const index of items.keys()) yield items.toSpliced(index, 1);
}

function* descendants(tree: Node, depth: number): Generator<Node> {
  if (depth === 0) return;
  for (const part of tree.parts)
    if (typeof part !== 'string') {
      yield part;
      yield* descendants(part, depth - 1);
    }
}
