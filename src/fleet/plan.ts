/** The planner: what to rebuild now, what later, and why. Pure, and linear in the size of the fleet. */
import { countWaiting, remainingChains } from './chains.ts';
import { orderUpstreamsFirst } from './components.ts';
import { type Decision, type Decisions, decisionAt, type Facts } from './decision.ts';
import { failedBefore, failedNow, failuresOf, lastGoodReason } from './failures.ts';
import { createJudge } from './freshness.ts';
import { createGraph, type Graph, imageAt, nameOfUpstream, positionOf } from './graph.ts';
import { chainReason, cycleReason, reasonToBuild } from './reasons.ts';
import type { FleetImage, FleetState, Plan, PlannedImage, Policy } from './types.ts';

/**
 * Decides for each image of the fleet:
 *
 * - settled: fresh, and every upstream inside the fleet is settled;
 * - ready: not fresh, and every upstream inside the fleet is settled;
 * - waiting: some upstream inside the fleet is not settled yet;
 * - blocked: nothing that is under way will settle it: it failed, is on a cycle, builds on something that does not
 *   exist, or on an image of which this is true. What failed for longer than `maxHold` blocks nobody: its last good image
 *   counts as settled.
 *
 * A fleet that holds all upstreams of an image gives the same decision for it as any larger one.
 *
 * @param now milliseconds since 1970
 */
export function plan(fleet: readonly FleetImage[], state: FleetState, now: number, policy: Policy): Plan {
  const graph = createGraph(fleet);
  const { positions, cycles } = orderUpstreamsFirst(graph.upstreams);
  const decisions: (Decision | undefined)[] = new Array(fleet.length).fill(undefined);
  for (const { cycle, members } of cycles) {
    const reason = cycleReason(cycle, graph);
    for (const member of members) decisions[member] = { state: 'blocked', reason };
  }
  const onCycle = new Set(cycles.flatMap(({ members }) => members));
  const facts: Facts = {
    graph,
    state,
    now,
    policy,
    judge: createJudge(graph, state),
    changed: changedPositions(graph, state),
  };
  for (const position of positions) decisions[position] ??= decide(position, facts, decisions);
  return {
    images: describe(positions, facts, decisions, onCycle),
    cycles: cycles.map(({ cycle }) => cycle.map((position) => imageAt(graph, position).reference)),
  };
}

function changedPositions(graph: Graph, { changed = new Set() }: FleetState): ReadonlySet<number> {
  return new Set([...changed].flatMap((name) => positionOf(graph, name) ?? []));
}

function decide(position: number, facts: Facts, decisions: Decisions): Decision {
  const { graph, state } = facts;
  const image = imageAt(graph, position);
  const unreadable = state.unreadable?.get(image.reference);
  if (unreadable !== undefined) return { state: 'blocked', reason: `what is published can't be read: ${unreadable}` };
  if (state.failed.has(image.reference) && facts.judge(position).fresh !== true) return failedNow(image, facts);

  let blocking: number[] | undefined;
  let pending: number[] | undefined;
  let lastGood: number[] | undefined;
  const { values, starts } = graph.upstreams;
  const end = starts[position + 1] ?? 0;
  for (let next = starts[position] ?? 0; next < end; next += 1) {
    const upstream = values[next] ?? 0;
    const { state: its, released } = decisionAt(decisions, upstream);
    if (its === 'settled') continue;
    if (its !== 'blocked') pending = append(pending, upstream);
    else if (released === true) lastGood = append(lastGood, upstream);
    else blocking = append(blocking, upstream);
  }
  if (blocking !== undefined)
    return { state: 'blocked', reason: '', because: blocking, waitsFor: [...blocking, ...(pending ?? [])] };
  if (pending !== undefined) return { state: 'waiting', reason: '', because: pending };
  const decision = decideAlone(position, image, facts);
  if (lastGood === undefined) return decision;
  return { ...decision, lastGood, reason: lastGoodReason(decision.reason, lastGood, facts) };
}

const settled: Decision = { state: 'settled', reason: 'up to date' };

/** Of an image that nothing in the fleet keeps waiting. */
function decideAlone(position: number, image: FleetImage, facts: Facts): Decision {
  const { lack, fresh } = facts.judge(position);
  if (lack !== undefined)
    return { state: 'blocked', reason: `its upstream ${nameOfUpstream(lack.upstream)} ${lack.reason}` };
  if (facts.policy.force?.has(image.reference)) return { state: 'ready', reason: 'its rebuild was asked for' };
  if (fresh) return settled;
  const attempts = failuresOf(position, facts);
  if (attempts !== undefined) return failedBefore(image, attempts, facts);
  return { state: 'ready', reason: reasonToBuild(image, facts.graph, facts.state) };
}

function append(list: number[] | undefined, position: number): number[] {
  if (list === undefined) return [position];
  list.push(position);
  return list;
}

/** The plan's entries, in its order. */
function describe(
  positions: readonly number[],
  { graph, state }: Facts,
  decisions: Decisions,
  onCycle: ReadonlySet<number>,
): PlannedImage[] {
  const isUnsettled = (position: number): boolean => decisionAt(decisions, position).state !== 'settled';
  const { images, seconds } = remainingChains(
    graph,
    positions,
    (position) => isUnsettled(position) && !onCycle.has(position),
    state.durations,
  );
  const urgency = seconds ?? images;
  const referenceAt = (position: number): string => imageAt(graph, position).reference;
  const byUrgency = (one: number, other: number): number =>
    (urgency[other] ?? 0) - (urgency[one] ?? 0) || (referenceAt(one) < referenceAt(other) ? -1 : 1);

  const ready = positions.filter((position) => decisionAt(decisions, position).state === 'ready').sort(byUrgency);
  const failing = positions.filter((position) => isOrigin(decisionAt(decisions, position))).sort(byUrgency);
  const waiting = countWaiting(graph, positions, [...failing, ...ready].sort(byUrgency), (position) => {
    const { because = [], waitsFor = because } = decisionAt(decisions, position);
    return waitsFor;
  });
  const describeOne = (position: number): PlannedImage => {
    const { reference, name, repository } = imageAt(graph, position);
    const decision = decisionAt(decisions, position);
    const reason = decision.because === undefined ? decision.reason : chainReason(position, graph, decisions);
    const planned: PlannedImage = {
      reference,
      name,
      repository,
      state: decision.state,
      reason,
      remaining: images[position] ?? 0,
    };
    const more = moreOf(position, decision, seconds?.[position], waiting.get(position));
    return more === undefined ? planned : { ...planned, ...more };
  };
  const moreOf = (
    position: number,
    { retryAt, lastGood }: Decision,
    remainingSeconds: number | undefined,
    holdsUp: number | undefined,
  ): Partial<PlannedImage> | undefined => {
    const running = state.attempts?.get(imageAt(graph, position).repository)?.running === true;
    // Most images of a large fleet have nothing more to tell.
    const more = remainingSeconds ?? holdsUp ?? retryAt ?? lastGood;
    if (!running && more === undefined) return undefined;
    return {
      ...(remainingSeconds === undefined ? {} : { remainingSeconds }),
      ...(holdsUp === undefined ? {} : { holdsUp }),
      ...(retryAt === undefined ? {} : { retryAt }),
      ...(running ? { running } : {}),
      ...(lastGood === undefined ? {} : { onLastGood: lastGood.map((upstream) => imageAt(graph, upstream).name) }),
    };
  };
  const isReady = new Set(ready);
  return [...ready, ...positions.filter((position) => !isReady.has(position))].map(describeOne);
}

/** Whether something has to happen at the image itself. */
function isOrigin({ state, because }: Decision): boolean {
  return state === 'blocked' && because === undefined;
}
