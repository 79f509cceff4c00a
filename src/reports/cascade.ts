/** The job summary of a dispatch: what follows from a change, and who was told. */
import type { ImageState, Plan } from '../fleet/types.ts';
import { type Cell, code, document, table } from './markdown.ts';
import { type GraphEdge, mermaidGraph, type NodeState } from './mermaid.ts';
import { shortReference, status, tally } from './words.ts';

export interface Dispatched {
  /** `owner/name`. */
  readonly repository: string;
  readonly status: 'dispatched' | 'failed' | 'skipped';
  readonly reason: string;
}

const stateOf: Readonly<Record<ImageState, NodeState>> = {
  ready: 'ready',
  waiting: 'waiting',
  settled: 'settled',
  blocked: 'blocked',
};

const order: readonly ImageState[] = ['ready', 'waiting', 'blocked', 'settled'];

/** @param edges upstream to dependent, by reference */
export function cascadeSummary(
  plan: Plan,
  edges: readonly GraphEdge[],
  dispatched: readonly Dispatched[] = [],
): string {
  const { images, cycles } = plan;
  const rows = images
    .filter(({ state }) => state !== 'settled')
    .toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state))
    .map((image): readonly Cell[] => [code(image.name), code(image.repository), status(image.state), image.reason]);
  const names = Map.groupBy(images, ({ name }) => name);
  const nodes = images.map(({ reference, name, repository, state }) => ({
    id: reference,
    label: names.get(name)?.length === 1 ? name : shortReference(reference),
    state: stateOf[state],
    group: repository,
  }));
  return document([
    `### Cascade: ${tally(images.map(({ state }) => state)) || 'no images'}`,
    ...cycles.map(
      (cycle) =>
        `⛔ A cycle of images can't be built: ${[...cycle, ...cycle.slice(0, 1)].map((name) => code(name).markdown).join(' → ')}`,
    ),
    dispatched.length > 0
      ? table(
          ['Repository', 'Status', 'Reason'],
          dispatched.map((one): readonly Cell[] => [code(one.repository), status(one.status), one.reason]),
        )
      : '',
    rows.length > 0 ? table(['Image', 'Repository', 'State', 'Reason'], rows) : 'Every image is settled.',
    nodes.length > 1 ? mermaidGraph({ nodes, edges }) : '',
  ]);
}
