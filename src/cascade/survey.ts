/**
 * What a look sees: the fleet, its state, and the plan. What it needs to read the answers with is loaded while GitHub
 * works on the first question.
 */
import { createGraph, plan, relevantTo, upstreamsAt } from '../fleet/index.ts';
import type { FleetImage, FleetState, Plan, PlannedImage, Policy } from '../fleet/types.ts';
import { type Discovery, discoverFleet, type FleetEntry, type GitHub, type RepositoryHead } from '../github/index.ts';
import { parseReference } from '../images/reference.ts';
import type { Problem } from '../problems.ts';
import type { Registry } from '../registry/types.ts';
import type { Facts } from './facts.ts';
import type { GatheredFleet, RenderUpstreams } from './gather-fleet.ts';
import type { RepositoryRuns } from './gather-runs.ts';

export interface Means {
  readonly github: GitHub;
  /** The registry client; `hosts` are the registries that the fleet publishes to. */
  readonly registry: (hosts: readonly string[]) => Promise<Registry>;
  readonly renderUpstreams: () => Promise<RenderUpstreams>;
  /** What earlier looks have learned; this one adds to it. */
  readonly facts: Facts;
  readonly log: (line: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Fleet extends GatheredFleet {
  readonly discovery: Discovery;
  readonly registry: () => Promise<Registry>;
}

/** Finds the images of a fleet and what they build on. @param at a commit to look at instead of a repository's head */
export async function findFleet(
  entries: readonly FleetEntry[],
  { github, facts, ...means }: Means,
  at?: { readonly repository: string; readonly revision: string },
): Promise<Fleet> {
  const known = {
    has: (repository: string) => facts.hasRepository(repository),
    get: (repository: string, commit: string) => facts.findCommit(repository, commit)?.content,
  };
  const discovering = discoverFleet(github, entries, { known, ...(at === undefined ? {} : { at }) });
  // What fails first is told; the other must not end the process meanwhile.
  discovering.catch(() => {});
  await Promise.race([github.started, discovering]);
  const [{ gatherFleet }, { labelledUpstreams }, renderUpstreams] = await Promise.all([
    import('./gather-fleet.ts'),
    import('./labels.ts'),
    means.renderUpstreams(),
  ]);
  const discovery = await discovering;
  // An application repository has nothing to read, and that is worth knowing, too.
  for (const { repository, head, config, paths } of discovery.repositories)
    facts.commit(repository, head).content ??= { ...(config === undefined ? {} : { config }), paths };
  let opened: Promise<Registry> | undefined;
  const registryFor = (references: readonly string[]): Promise<Registry> => {
    opened ??= means.registry([...new Set(references.map((reference) => parseReference(reference).registry))]);
    return opened;
  };
  const fleet = await gatherFleet(
    discovery,
    github,
    renderUpstreams,
    async (reference) => {
      const found = await labelledUpstreams(reference, await registryFor([reference]), facts);
      return found?.map(({ name }) => name);
    },
    facts,
  );
  return { ...fleet, discovery, registry: () => registryFor(fleet.images.map(({ reference }) => reference)) };
}

export interface SurveyQuestion {
  /** References and `sourceName`s whose dependents are looked at; absent: everything is. */
  readonly about?: ReadonlySet<string>;
  readonly changed?: ReadonlySet<string>;
  readonly failed?: ReadonlySet<string>;
  readonly eventType: string;
  /** Id of this run. */
  readonly run: string;
  readonly policy: Policy;
  /** Whether the runs of an image's repository have a say; asked of images that are ready as far as the registry tells. */
  readonly asksRuns: (image: PlannedImage) => boolean;
  /** Whether to find out what the ready images were published on, for the reasons. */
  readonly explain: boolean;
}

export interface Survey {
  /** The part of the fleet that has a say. */
  readonly images: readonly FleetImage[];
  readonly plan: Plan;
  /** What was asked about repositories, by `owner/name`. */
  readonly runs: ReadonlyMap<string, RepositoryRuns>;
  readonly problems: readonly Problem[];
}

/** Reads the state of a part of a fleet and plans. */
export async function survey(
  fleet: Fleet,
  images: readonly FleetImage[],
  question: SurveyQuestion,
  { github, facts, now }: Means,
): Promise<Survey> {
  const [{ gatherState }, registry] = await Promise.all([import('./gather-state.ts'), fleet.registry()]);
  const { state, problems } = await gatherState(images, { registry, github, facts });
  const known: FleetState = {
    ...state,
    failed: question.failed ?? new Set(),
    changed: question.changed ?? new Set(),
    unreadable: new Map([...(state.unreadable ?? []), ...fleet.unreadable]),
  };
  const { runs, ...asked } = await askRuns(images, known, question, fleet.discovery.repositories, {
    github,
    facts,
    now,
  });
  const final: FleetState = { ...known, attempts: attemptsIn(runs), durations: durationsOf(images, facts) };
  let planned = plan(images, final, now(), question.policy);
  if (question.explain && planned.images.some(({ state: now }) => now === 'ready')) {
    const { readPrevious } = await import('./labels.ts');
    const due = new Set(planned.images.flatMap(({ reference, state: now }) => (now === 'ready' ? [reference] : [])));
    const ready = images.filter(({ reference }) => due.has(reference));
    const previous = await readPrevious(ready, state, { registry, github, facts });
    planned = plan(images, { ...final, previous }, now(), question.policy);
  }
  return { images, plan: planned, runs, problems: [...problems, ...asked.problems] };
}

/** Far below what GitHub allows a token in an hour; what is beyond counts as if nothing had failed there. */
const mostAsked = 1_000;

/** An image that failed for long enough lets its dependents build, whose repositories have to be asked about in turn. */
async function askRuns(
  images: readonly FleetImage[],
  state: FleetState,
  { policy, asksRuns, eventType, run }: SurveyQuestion,
  heads: readonly RepositoryHead[],
  { github, facts, now }: Pick<Means, 'github' | 'facts' | 'now'>,
): Promise<{ runs: ReadonlyMap<string, RepositoryRuns>; problems: readonly Problem[] }> {
  const runs = new Map<string, RepositoryRuns>();
  const problems: Problem[] = [];
  for (;;) {
    const { images: planned } = plan(images, { ...state, attempts: attemptsIn(runs) }, now(), policy);
    const open = new Set(
      planned
        .filter((image) => image.state === 'ready' && !runs.has(image.repository) && asksRuns(image))
        .map(({ repository }) => repository)
        .slice(0, mostAsked - runs.size),
    );
    if (open.size === 0) return { runs, problems };
    const asked = heads.filter(({ repository }) => open.has(repository));
    if (asked.length === 0) return { runs, problems };
    const { gatherRuns } = await import('./gather-runs.ts');
    const found = await gatherRuns(asked, { github, facts, eventType, own: run });
    for (const [repository, one] of found.repositories) runs.set(repository, one);
    problems.push(...found.problems);
  }
}

function attemptsIn(runs: ReadonlyMap<string, RepositoryRuns>): NonNullable<FleetState['attempts']> {
  return new Map([...runs].map(([repository, { attempts }]) => [repository, attempts]));
}

export function durationsOf(images: readonly FleetImage[], facts: Facts): NonNullable<FleetState['durations']> {
  return new Map(
    images.flatMap(({ reference, repository }) => {
      const seconds = facts.seconds(repository);
      return seconds === undefined ? [] : [[reference, seconds] as const];
    }),
  );
}

/** The part of the fleet that a question is about: the dependents of what it names and all that these build on. */
export function partOf(fleet: Fleet, about: ReadonlySet<string> | undefined): readonly FleetImage[] {
  return about === undefined ? fleet.images : relevantTo(fleet.images, about);
}

/** Some images, and all of the fleet that they build on. */
export function withUpstreams(
  images: readonly FleetImage[],
  wanted: (image: FleetImage) => boolean,
): readonly FleetImage[] {
  const graph = createGraph(images);
  const found = new Set(images.flatMap((image, position) => (wanted(image) ? [position] : [])));
  // A set's iterator also visits what is added on the way.
  for (const position of found) for (const upstream of upstreamsAt(graph, position)) found.add(upstream);
  return images.filter((_, position) => found.has(position));
}
