/** The planner: what to rebuild now, what later, and why. Pure, and linear in the size of the fleet. */
import { orderUpstreamsFirst } from './components.ts';
import { isFresh, upstreamStates } from './freshness.ts';
import { createGraph, type Graph, nameOfUpstream } from './graph.ts';
import type { FleetImage, FleetState, ImageState, Plan, PlannedImage, Policy } from './types.ts';

/**
 * Decides for each image of the fleet:
 *
 * - settled: fresh, and every upstream inside the fleet is settled;
 * - ready: not fresh, and every upstream inside the fleet is settled;
 * - waiting: some upstream inside the fleet is not settled yet;
 * - blocked: nothing that is under way will settle it: it failed, is on a cycle, builds on something that does not
 *   exist, or on an image of which this is true.
 *
 * A fleet that holds all upstreams of an image gives the same decision for it as any larger one.
 */
export function plan(fleet: readonly FleetImage[], state: FleetState, _now: number, _policy: Policy): Plan {
  const graph = createGraph(fleet);
  const order = orderUpstreamsFirst(graph.upstreams);
  const cycleOf = new Map<number, readonly number[]>();
  for (const { cycle, members } of order.cycles) for (const member of members) cycleOf.set(member, cycle);

  const decided: (Decision | undefined)[] = new Array(fleet.length).fill(undefined);
  for (const position of order.positions) {
    const cycle = cycleOf.get(position);
    decided[position] =
      cycle === undefined
        ? decide(position, graph, state, decided)
        : { state: 'blocked', reason: nameCycle(cycle, graph) };
  }
  const remaining = remainingChains(order.positions, graph, decided, cycleOf);

  const images = order.positions.map((position): PlannedImage => {
    const { reference, name, repository } = imageAt(graph, position);
    const decision = decisionAt(decided, position);
    const reason = decision.because === undefined ? decision.reason : chainReason(position, graph, decided);
    return { reference, name, repository, state: decision.state, reason, remaining: remaining[position] ?? 0 };
  });
  const ready = images.filter((image) => image.state === 'ready').sort(byChain);
  return {
    images: [...ready, ...images.filter((image) => image.state !== 'ready')],
    cycles: order.cycles.map(({ cycle }) => cycle.map((position) => imageAt(graph, position).reference)),
  };
}

interface Decision {
  readonly state: ImageState;
  readonly reason: string;
  /** Upstreams that keep it waiting or blocked; the first of them gives the reason. */
  readonly because?: readonly number[];
}

function decide(
  position: number,
  graph: Graph,
  state: FleetState,
  decided: readonly (Decision | undefined)[],
): Decision {
  const image = imageAt(graph, position);
  const stateOf = (upstream: number): ImageState => decisionAt(decided, upstream).state;
  const upstreams = graph.upstreams[position] ?? [];
  const unreadable = state.unreadable?.get(image.reference);
  if (unreadable !== undefined) return { state: 'blocked', reason: `what is published can't be read: ${unreadable}` };
  if (state.failed.has(image.reference) && !isFresh(image, state))
    return { state: 'blocked', reason: 'its last build or test failed; what was published before stays' };

  const blocking = upstreams.filter((upstream) => stateOf(upstream) === 'blocked');
  if (blocking.length > 0) return { state: 'blocked', reason: '', because: blocking };
  const pending = upstreams.filter((upstream) => stateOf(upstream) !== 'settled');
  if (pending.length > 0) return { state: 'waiting', reason: '', because: pending };

  const { lack } = upstreamStates(image, state);
  if (lack !== undefined)
    return { state: 'blocked', reason: `its upstream ${nameOfUpstream(lack.upstream)} ${lack.reason}` };
  if (isFresh(image, state)) return { state: 'settled', reason: 'up to date' };
  return { state: 'ready', reason: reasonToBuild(image, state) };
}

function reasonToBuild(image: FleetImage, state: FleetState): string {
  if (!state.published.has(image.reference)) return 'never published';
  const changed = image.upstreams.map(nameOfUpstream).filter((name) => state.changed?.has(name));
  if (changed.length > 0) return `upstream ${changed.join(' and ')} changed`;
  return 'its own files or an upstream changed since it was published';
}

/** Names that a reason lists before it goes on to the end of the chain. */
const namedUpstreams = 3;

/** `waiting for nginx, which waits for debian-base`, down to the image at which something has to happen. */
function chainReason(position: number, graph: Graph, decided: readonly (Decision | undefined)[]): string {
  const { state, because = [] } = decisionAt(decided, position);
  const waiting = state === 'waiting';
  const parts: string[] = [];
  let next = because[0];
  let last = next;
  for (let count = 0; next !== undefined && count < namedUpstreams; count += 1) {
    const link = waiting
      ? count === 0
        ? 'waiting for '
        : 'which waits for '
      : count === 0
        ? 'blocked by '
        : 'which is blocked by ';
    parts.push(`${link}${imageAt(graph, next).name}`);
    last = next;
    next = decisionAt(decided, next).because?.[0];
  }
  if (next !== undefined) parts.push('and so on');
  else if (!waiting && last !== undefined) parts.push(`whose state is: ${decisionAt(decided, last).reason}`);
  const others = because.slice(1).map((upstream) => imageAt(graph, upstream).name);
  if (others.length > 0) parts.push(`and ${waiting ? 'for' : 'by'} ${listNames(others)}`);
  return parts.join(', ');
}

function listNames(names: readonly string[]): string {
  const shown = names.slice(0, namedUpstreams);
  return shown.length < names.length
    ? `${shown.join(', ')} and ${names.length - shown.length} more`
    : shown.join(' and ');
}

function nameCycle(cycle: readonly number[], graph: Graph): string {
  const names = cycle.map((position) => imageAt(graph, position).name);
  const [first = ''] = names;
  const shown = names.length > 20 ? [...names.slice(0, 20), '…'] : names;
  return `it builds on itself: ${[...shown, first].join(' → ')}`;
}

/** Images on the longest chain of dependents that are still to be built, counted from the ends of the graph. */
function remainingChains(
  positions: readonly number[],
  graph: Graph,
  decided: readonly (Decision | undefined)[],
  cycleOf: ReadonlyMap<number, unknown>,
): Int32Array {
  const longest = new Int32Array(positions.length);
  for (const position of positions.toReversed()) {
    if (decisionAt(decided, position).state === 'settled' || cycleOf.has(position)) continue;
    let below = 0;
    for (const dependent of graph.dependents[position] ?? []) below = Math.max(below, longest[dependent] ?? 0);
    longest[position] = below + 1;
  }
  return longest;
}

function byChain(a: PlannedImage, b: PlannedImage): number {
  return b.remaining - a.remaining || (a.reference < b.reference ? -1 : a.reference > b.reference ? 1 : 0);
}

function imageAt(graph: Graph, position: number): FleetImage {
  const image = graph.images[position];
  if (image === undefined) throw new RangeError(`no image at ${position}`);
  return image;
}

function decisionAt(decided: readonly (Decision | undefined)[], position: number): Decision {
  const decision = decided[position];
  if (decision === undefined) throw new RangeError(`no decision at ${position}`);
  return decision;
}
