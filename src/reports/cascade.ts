/** The job summary of a look at the fleet: what is to be rebuilt and why, who waits for whom, and who was told. */
import type { ImageState, Plan, PlannedImage } from '../fleet/types.ts';
import { type Cell, code, document, table } from './markdown.ts';
import { type GraphEdge, mermaidGraph, type NodeState } from './mermaid.ts';
import { count, duration, shortReference, status, tally } from './words.ts';

export interface CascadeReport {
  readonly plan: Plan;
  /** Upstream to dependent, by reference. */
  readonly edges: readonly GraphEdge[];
  readonly dispatched: readonly {
    /** `owner/name`. */
    readonly repository: string;
    readonly status: 'dispatched' | 'failed' | 'skipped' | 'left';
    readonly reason: string;
  }[];
  /** Images of this repository that this run leaves alone. */
  readonly held?: readonly { readonly name: string; readonly reason: string }[];
  /** What merging a pull request would lead to. */
  readonly preview?: {
    readonly images: number;
    readonly repositories: number;
    readonly levels: number;
    readonly seconds?: number;
  };
}

const order: readonly ImageState[] = ['ready', 'waiting', 'blocked', 'settled'];
/** Longer tables are read by nobody, and drawn slowly. */
const mostRows = 500;
const mostHolders = 20;

export function cascadeSummary(report: CascadeReport): string {
  const { plan, edges, dispatched, held } = report;
  if (held !== undefined) return turnSummary(held);
  const unsettled = plan.images
    .filter(({ state }) => state !== 'settled')
    .toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  return document([
    `### ${title(report)}`,
    ...plan.cycles.map(
      (cycle) =>
        `⛔ A cycle of images can't be built: ${[...cycle, ...cycle.slice(0, 1)].map((name) => code(name).markdown).join(' → ')}`,
    ),
    holders(plan.images),
    someRows(['Repository', 'Status', 'Reason'], dispatched, (one) => [
      code(one.repository),
      status(one.status),
      one.reason,
    ]),
    picture(report, edges),
    unsettled.length === 0
      ? nothingToDo(report)
      : someRows(['Image', 'Repository', 'State', 'Reason'], unsettled, (image) => [
          code(image.name),
          code(image.repository),
          status(stateShown(report, image.state)),
          image.reason,
        ]),
  ]);
}

/** What a pull request itself changes is not ready for anything. */
function stateShown({ preview }: CascadeReport, state: ImageState): NodeState {
  return preview !== undefined && state === 'ready' ? 'changed' : state;
}

function nothingToDo({ plan, preview }: CascadeReport): string {
  if (preview !== undefined) return '';
  return plan.images.length === 0 ? 'No image is built on what this run is about.' : 'Every image is settled.';
}

function turnSummary(held: NonNullable<CascadeReport['held']>): string {
  if (held.length === 0) return document(['### Before the build: no image has to wait']);
  return document([
    `### Before the build: ${count(held.length, 'image')} not built in this run`,
    someRows(['Image', 'Reason'], held, ({ name, reason }) => [code(name), reason]),
  ]);
}

function title({ plan, preview }: CascadeReport): string {
  if (preview === undefined) return `Cascade: ${tally(plan.images.map(({ state }) => state)) || 'no images'}`;
  const { images, repositories, levels, seconds } = preview;
  if (images === 0) return 'Preview: merging this rebuilds no image';
  const where = `${count(images, 'image')} in ${repositories === 1 ? '1 repository' : `${repositories} repositories`}`;
  const time = seconds === undefined ? '' : `, in about ${duration(seconds * 1000)}`;
  return `Preview: merging this rebuilds ${where}, ${count(levels, 'level')} deep${time}`;
}

/** Who keeps how many others waiting, the worst first. */
function holders(images: readonly PlannedImage[]): string {
  const holding = images
    .filter(({ state, holdsUp = 0 }) => state === 'blocked' && holdsUp > 0)
    .toSorted((a, b) => (b.holdsUp ?? 0) - (a.holdsUp ?? 0));
  return holding
    .slice(0, mostHolders)
    .map(({ name, holdsUp = 0 }) => `- ⛔ ${code(name).markdown} holds up ${count(holdsUp, 'image')}`)
    .join('\n');
}

function someRows<Item>(
  headers: readonly string[],
  items: readonly Item[],
  cells: (item: Item) => readonly Cell[],
): string {
  if (items.length === 0) return '';
  const rows = table(headers, items.slice(0, mostRows).map(cells));
  return items.length <= mostRows ? rows : `${rows}\n\n_${items.length - mostRows} more are in the outputs._`;
}

/** The part of the graph where something is to happen: what is not settled, and what it builds on. */
function picture(report: CascadeReport, edges: readonly GraphEdge[]): string {
  const { images } = report.plan;
  const affected = new Set(images.flatMap(({ reference, state }) => (state === 'settled' ? [] : [reference])));
  const around = new Set([...affected, ...edges.flatMap(({ from, to }) => (affected.has(to) ? [from] : []))]);
  const shown = images.filter(({ reference }) => around.has(reference));
  if (shown.length < 2) return '';
  const names = Map.groupBy(shown, ({ name }) => name);
  return mermaidGraph({
    nodes: shown.map(({ reference, name, repository, state }) => ({
      id: reference,
      label: names.get(name)?.length === 1 ? name : shortReference(reference),
      state: stateShown(report, state),
      group: repository,
    })),
    edges: edges.filter(({ from, to }) => around.has(from) && around.has(to)),
  });
}
