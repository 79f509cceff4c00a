/** What one simulated cascade shows, as figures. */
import { jobOverhead } from './job.ts';
import { calmScenario, faultyScenario, type Scenario, type Wish } from './scenarios.ts';
import { inWaves, lowerBound, perParent, workOf } from './schedules.ts';
import { type Outcome, simulate } from './simulation.ts';

/** One scenario to simulate, small enough to be sent to another thread. */
export interface Order {
  readonly kind: 'calm' | 'faulty';
  readonly seed: number;
  readonly wish?: Wish;
}

export interface Verdict {
  readonly order: Order;
  readonly images: number;
  readonly runs: number;
  readonly builds: number;
  /** What is wrong, in words. */
  readonly failures: readonly string[];
  /** Builds too many or too few; only where nothing goes wrong. */
  readonly waste: number;
  /** Of cascades where nothing goes wrong, and each image has a repository of its own. */
  readonly times?: Times;
}

/** Makespans, as multiples of the lower bound. */
export interface Times {
  readonly own: number;
  /** Of what any greedy schedule keeps to: 2 − 1/m times the lower bound. */
  readonly graham: number;
  readonly waves: number;
  /** Absent where it takes too many builds to tell. */
  readonly perParent?: number;
  /** Builds of the schedule per parent as a multiple of those that are needed. */
  readonly perParentBuilds?: number;
}

const mostNaiveBuilds = 3_000;

export function scenarioOf({ kind, seed, wish }: Order): Scenario {
  return kind === 'calm' ? calmScenario(seed, wish) : faultyScenario(seed, wish);
}

export async function judge(order: Order): Promise<Verdict> {
  const scenario = scenarioOf(order);
  const outcome = await simulate(scenario);
  const isCalm = order.kind === 'calm';
  const times = isCalm && scenario.plain.shape !== 'repositories' ? timesOf(scenario, outcome) : undefined;
  return {
    order,
    images: scenario.plain.images.length,
    runs: outcome.runs,
    builds: outcome.builds.reduce((sum, count) => sum + count, 0),
    failures: failuresOf(outcome, isCalm),
    waste: isCalm ? wasteOf(outcome) : 0,
    ...(times === undefined ? {} : { times }),
  };
}

/** What an outcome has wrong with it; the same words for the same kind of thing. */
export function failuresOf(outcome: Outcome, isCalm: boolean): string[] {
  return [
    ...(outcome.settled ? [] : ['it does not settle']),
    ...(outcome.wrong.length > 0 ? ['an image is left on a mix of old and new'] : []),
    ...(isCalm && wasteOf(outcome) > 0 ? ['an image is built too often, or not at all'] : []),
  ];
}

/** How far the builds of each image are from one where it had to be built, and from none where not. */
export function wasteOf({ builds, needed }: Outcome): number {
  return builds.reduce((sum, count, position) => sum + Math.abs(count - (needed.has(position) ? 1 : 0)), 0);
}

function timesOf({ runners }: Scenario, outcome: Outcome): Times | undefined {
  if (outcome.needed.size === 0 || outcome.makespan === 0) return undefined;
  const work = workOf(outcome, jobOverhead);
  const bound = lowerBound(work, runners);
  const naive = perParent(work, runners, mostNaiveBuilds);
  return {
    own: outcome.makespan / bound,
    graham: outcome.makespan / bound / (2 - 1 / runners),
    waves: inWaves(work, runners) / bound,
    ...(naive === undefined
      ? {}
      : { perParent: naive.makespan / bound, perParentBuilds: naive.builds / outcome.needed.size }),
  };
}
