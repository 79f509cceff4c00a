/** One look at the fleet: gather, plan, dispatch. */
import { createGraph, dependentsOf, upstreamsAt } from '../fleet/index.ts';
import type { FleetImage, Plan, PlannedImage } from '../fleet/types.ts';
import type { Problem } from '../problems.ts';
import { type DispatchDecision, type DispatchScope, decideDispatches } from './decide.ts';
import { decideHolds, decideLastGood, type HeldImage } from './decide-holds.ts';
import type { Preview } from './preview.ts';
import type { Question } from './question.ts';
import { type Dispatched, sendAll, sendEvent } from './send.ts';
import { type Fleet, findFleet, type Means, partOf, type Survey, survey, withUpstreams } from './survey.ts';

export interface Look {
  readonly plan: Plan;
  /** Between the images of the plan: from upstream to dependent, as references. */
  readonly edges: readonly { readonly from: string; readonly to: string }[];
  readonly dispatched: readonly Dispatched[];
  /** Before a build: images of this repository whose turn has not come. */
  readonly held?: readonly HeldImage[];
  /** Names of images of this repository that failed for so long that the others do without them. */
  readonly lastGood?: readonly string[];
  /** Of a pull request. */
  readonly preview?: Preview;
  /** What keeps something from being rebuilt that should be. */
  readonly errors: readonly Problem[];
  /** What could not be looked at. */
  readonly warnings: readonly Problem[];
}

/** @throws ProblemsError when nothing can be said about the fleet at all */
export async function look(question: Question, means: Means): Promise<Look> {
  switch (question.mode) {
    case 'preview':
      return (await import('./preview.ts')).preview(question, means);
    case 'manual':
      return (await import('./manual.ts')).lookByHand(question, means);
    case 'before-build':
      return lookBeforeBuild(question, means);
    case 'after-push':
    case 'after-source':
      return lookAfterChange(question, means);
    case 'reconcile':
      return reconcile(question, means);
  }
}

/** Dispatches what became ready by what this run did. */
async function lookAfterChange(question: Question, means: Means): Promise<Look> {
  const { about = new Set(), changed, failed, handled = new Set<string>(), self } = question;
  const fleet = await findFleet(question.fleet, means);
  const dependents = dependentsOf(fleet.images, about);
  const seen = await survey(
    fleet,
    partOf(fleet, about),
    {
      ...surveyOf(question),
      ...(changed === undefined ? {} : { changed }),
      ...(failed === undefined ? {} : { failed }),
      // What is ready by this change is tried at once; what else the dependents wait for may have failed for long.
      asksRuns: ({ reference }) => !dependents.has(reference) && !about.has(reference),
      explain: false,
    },
    means,
  );
  const newer = fleet.discovery.repositories.filter(
    ({ repository, head }) =>
      self !== undefined && repository.toLowerCase() === self.repository.toLowerCase() && head !== self.revision,
  );
  for (const { name, reference, state } of seen.plan.images)
    if (state === 'ready' && handled.has(reference) && newer.length === 0)
      means.log(`${name} was published by this run, and what it is made from has changed meanwhile.`);
  return act(question, fleet, seen, means, {
    about: dependents,
    handled,
    superseded: new Set(newer.map(({ repository }) => repository)),
  });
}

/** Looks at everything, and tries again what failed. */
async function reconcile(question: Question, means: Means): Promise<Look> {
  const fleet = await findFleet(question.fleet, means);
  const seen = await survey(fleet, fleet.images, { ...surveyOf(question), asksRuns: () => true, explain: true }, means);
  return act(question, fleet, seen, means, {
    handled: new Set(),
    superseded: new Set(),
    retryBy: means.now(),
    skipRunning: true,
  });
}

/** Which images of this repository wait for others. */
async function lookBeforeBuild(question: Question, means: Means): Promise<Look> {
  const own = question.ref.repository.toLowerCase();
  const isOwn = ({ repository }: Pick<PlannedImage, 'repository'>): boolean => repository.toLowerCase() === own;
  const fleet = await findFleet(question.fleet, means);
  const images = withUpstreams(fleet.images, isOwn);
  const seen = await survey(
    fleet,
    images,
    {
      ...surveyOf(question),
      asksRuns: () => true,
      explain: false,
    },
    means,
  );
  const { repository } = question.ref;
  return {
    ...lookOf(fleet, seen),
    held: decideHolds(images, seen.plan, repository),
    lastGood: decideLastGood(images, seen.plan, repository),
  };
}

export function surveyOf({
  eventType,
  ref,
  policy,
}: Question): Pick<Parameters<typeof survey>[2], 'eventType' | 'run' | 'policy'> {
  return { eventType, run: ref.runId, policy };
}

/** Decides what to dispatch, and does so unless it is a dry run. */
export async function act(
  question: Question,
  fleet: Fleet,
  seen: Survey,
  means: Means,
  scope: DispatchScope,
): Promise<Look> {
  const { origin, eventType, maxDispatches, dryRun } = question;
  const decision = decideDispatches(seen.plan, { ...scope, maxDispatches });
  const send = sendEvent({ github: means.github, origin, eventType, runs: seen.runs });
  return withDispatches(lookOf(fleet, seen), decision, dryRun, (dispatches) => sendAll(dispatches, send, means.log));
}

export async function withDispatches(
  found: Look,
  { dispatches, left }: DispatchDecision,
  dryRun: boolean,
  send: (dispatches: DispatchDecision['dispatches']) => ReturnType<typeof sendAll>,
): Promise<Look> {
  const skipped = dispatches.map((one) => ({ ...one, status: 'skipped' as const }));
  const { dispatched, problems } = dryRun ? { dispatched: skipped, problems: [] } : await send(dispatches);
  return {
    ...found,
    dispatched: [...dispatched, ...left.map((one) => ({ ...one, status: 'left' as const }))],
    errors: [...problems, ...found.errors],
  };
}

/** What was seen, before anything is dispatched. */
export function lookOf(fleet: Fleet, { images, plan, problems }: Survey): Look {
  return {
    plan,
    edges: edgesOf(images),
    dispatched: [],
    errors: plan.cycles.map(cycleProblem),
    warnings: [...fleet.problems, ...problems],
  };
}

export function edgesOf(images: readonly FleetImage[]): Look['edges'] {
  const graph = createGraph(images);
  return images.flatMap(({ reference: to }, position) =>
    [...upstreamsAt(graph, position)].flatMap((upstream) => {
      const from = images[upstream]?.reference;
      return from === undefined ? [] : [{ from, to }];
    }),
  );
}

function cycleProblem(cycle: readonly string[]): Problem {
  return {
    message: `these images build on each other in a circle: ${[...cycle, ...cycle.slice(0, 1)].join(' → ')}`,
    hint: 'take one of these upstreams out of its template; until then none of them is rebuilt',
  };
}
