/** What a rotation does to the builds of each class. */
import type { Node } from './graph.ts';
import type { Verdict } from './rules.ts';
import type { BuildClass, ClassSummary } from './types.ts';

const classOrder: readonly BuildClass[] = [
  'default',
  'tag',
  'branch',
  'pull-request',
  'trace',
  'untagged',
  'unlabelled',
];

export interface Outcome {
  readonly staying: readonly Node[];
  readonly gone: readonly Node[];
  readonly held: ReadonlySet<Node>;
  readonly verdicts: ReadonlyMap<Node, Verdict>;
  /** Of the build that a manifest goes with. */
  readonly classOf: (node: Node) => BuildClass | undefined;
  /** Bytes, of each of those gone. */
  readonly freed: readonly number[];
}

/** One entry for each class that has builds, the most lasting first. */
export function summarise({ staying, gone, held, verdicts, classOf, freed }: Outcome): readonly ClassSummary[] {
  return classOrder.flatMap((name): ClassSummary[] => {
    const own = (nodes: readonly Node[]): Node[] => nodes.filter((node) => verdicts.get(node)?.class === name);
    const kept = own(staying);
    const deleted = own(gone);
    if (kept.length + deleted.length === 0) return [];
    const times = kept.flatMap((node) => verdicts.get(node)?.publishedAt ?? []);
    const oldest = times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
    return [
      {
        class: name,
        kept: kept.length,
        held: kept.filter((node) => held.has(node)).length,
        deleted: deleted.length,
        bytesFreed: gone.reduce((sum, node, at) => sum + (classOf(node) === name ? (freed[at] ?? 0) : 0), 0),
        ...(times.length === 0 ? {} : { oldestKept: new Date(oldest).toISOString() }),
      },
    ];
  });
}
