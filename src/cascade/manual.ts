/** A look that somebody asks for by hand: some images, if need be although they are up to date. */
import { closest } from '../documents/index.ts';
import type { FleetImage, PlannedImage } from '../fleet/types.ts';
import { type Problem, ProblemsError } from '../problems.ts';
import type { DispatchDecision } from './decide.ts';
import { gatherReceivers } from './gather-runs.ts';
import { act, type Look, lookOf, surveyOf, withDispatches } from './look.ts';
import type { Question } from './question.ts';
import { sendAll, sendForced } from './send.ts';
import { findFleet, type Means, survey, withUpstreams } from './survey.ts';

export async function lookByHand(question: Question, means: Means): Promise<Look> {
  const { images: patterns, force, policy, maxDispatches, dryRun } = question;
  const fleet = await findFleet(question.fleet, means);
  const selected = await selectReferences(fleet.images, patterns);
  const seen = await survey(
    fleet,
    withUpstreams(fleet.images, ({ reference }) => selected.has(reference)),
    {
      ...surveyOf(question),
      policy: force ? { ...policy, force: selected } : policy,
      asksRuns: () => true,
      explain: true,
    },
    means,
  );
  // Who asks by hand does not want to wait for the time of the next attempt.
  const scope = { about: selected, handled: new Set<string>(), superseded: new Set<string>() };
  if (!force) return act(question, fleet, seen, means, { ...scope, retryBy: Number.POSITIVE_INFINITY });

  const cyclic = new Set(seen.plan.cycles.flat());
  const forced = seen.plan.images.filter(({ reference }) => selected.has(reference) && !cyclic.has(reference));
  const heads = fleet.discovery.repositories.filter(({ repository }) =>
    forced.some((image) => image.repository === repository),
  );
  const receivers = await gatherReceivers(heads, means.github, means.facts);
  const branches = new Map(heads.map(({ repository, defaultBranch }) => [repository, defaultBranch]));
  const send = sendForced(means.github, receivers, branches);
  return withDispatches(lookOf(fleet, seen), oneForEach(forced, maxDispatches), dryRun, (dispatches) =>
    sendAll(dispatches, send, means.log),
  );
}

/** In the order of the plan: the longest chains, and upstreams before their dependents. */
function oneForEach(images: readonly PlannedImage[], most: number): DispatchDecision {
  const dispatches = [...Map.groupBy(images, ({ repository }) => repository)].map(([repository, some]) => ({
    repository,
    images: some.map(({ name }) => name),
    reason: `${some.map(({ name }) => name).join(', ')}: asked for by hand`,
  }));
  return { dispatches: dispatches.slice(0, most), left: dispatches.slice(most) };
}

/** @throws ProblemsError for each pattern that matches no image of the fleet */
async function selectReferences(
  images: readonly FleetImage[],
  patterns: readonly string[],
): Promise<ReadonlySet<string>> {
  if (patterns.length === 0) return new Set(images.map(({ reference }) => reference));
  const { default: picomatch } = await import('picomatch');
  const names = [...new Set(images.map(({ name }) => name))];
  const problems: Problem[] = [];
  const selected = new Set<string>();
  for (const pattern of patterns) {
    const isMatch = picomatch(pattern);
    const matches = images.filter(({ name, reference }) => isMatch(name) || reference === pattern);
    for (const { reference } of matches) selected.add(reference);
    if (matches.length > 0) continue;
    const near = closest(pattern, names);
    problems.push({
      message: `input 'images': the fleet has no image '${pattern}'`,
      hint: near === undefined ? "look at its name, and at the list 'fleet'" : `did you mean '${near}'?`,
    });
  }
  if (problems.length > 0) throw new ProblemsError(problems);
  return selected;
}
