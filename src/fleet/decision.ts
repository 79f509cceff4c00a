/** What the parts of the planner tell each other. */
import type { Judgement } from './freshness.ts';
import type { Graph } from './graph.ts';
import type { FleetState, ImageState, Policy } from './types.ts';

/** What every decision of one plan rests on. */
export interface Facts {
  readonly graph: Graph;
  readonly state: FleetState;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly policy: Policy;
  readonly judge: (position: number) => Judgement;
  /** Positions of the images that changed just now. */
  readonly changed: ReadonlySet<number>;
}

export interface Decision {
  readonly state: ImageState;
  /** Empty where `because` gives it. */
  readonly reason: string;
  /** Upstreams that keep it waiting or blocked; the first of them gives the reason. */
  readonly because?: readonly number[];
  /** All upstreams that it waits for, where these are more. */
  readonly waitsFor?: readonly number[];
  /** Failing upstreams whose last good image it is decided on. */
  readonly lastGood?: readonly number[];
  /** Of an image that failed: when to try again, in milliseconds since 1970. */
  readonly retryAt?: number;
  /** Whether dependents are decided on what is published, although it is blocked. */
  readonly released?: boolean;
}

export type Decisions = readonly (Decision | undefined)[];

export function decisionAt(decisions: Decisions, position: number): Decision {
  const decision = decisions[position];
  if (decision === undefined) throw new RangeError(`no decision at ${position}`);
  return decision;
}
