/**
 * One look at the fleet: gather, plan, dispatch. What it needs to read the answers with is loaded while GitHub works on
 * the first question.
 */
import { createGraph, defaultPolicy, dependentsOf, plan, relevantTo } from '../fleet/index.ts';
import type { FleetImage, FleetState, Plan, UpstreamName } from '../fleet/types.ts';
import { type DispatchOutcome, discoverFleet, dispatch, type GitHub } from '../github/index.ts';
import { labels } from '../images/labels.ts';
import { parseReference, repositoryOf } from '../images/reference.ts';
import type { Problem } from '../problems.ts';
import type { Registry } from '../registry/types.ts';
import { type Dispatch, decideDispatches } from './decide.ts';
import type { RenderUpstreams } from './gather-fleet.ts';
import type { Origin } from './origin.ts';
import { payloadOf } from './payload.ts';

export interface Question {
  /** `owner/name` of every repository that may hold images of the fleet. */
  readonly repositories: readonly string[];
  /** What changed or was just looked after, as references and `sourceName`s; absent: everything is looked at. */
  readonly about?: ReadonlySet<string>;
  /** Those of them that did change. */
  readonly changed?: ReadonlySet<string>;
  /** References that this run has published or found unchanged. */
  readonly handled?: ReadonlySet<string>;
  /** References whose build or test failed in this run. */
  readonly failed?: ReadonlySet<string>;
  /** Of an image repository: what this run was for. */
  readonly self?: { readonly repository: string; readonly revision: string };
  readonly origin: Origin;
  readonly eventType: string;
  /** Decide and tell, but dispatch nothing. */
  readonly dryRun: boolean;
}

export interface Means {
  readonly github: GitHub;
  /** The registry client; `hosts` are the registries that the fleet publishes to. */
  readonly registry: (hosts: readonly string[]) => Promise<Registry>;
  readonly renderUpstreams: () => Promise<RenderUpstreams>;
  readonly log: (line: string) => void;
}

export interface Dispatched extends Dispatch {
  /** `skipped` on a dry run. */
  readonly status: 'dispatched' | 'failed' | 'skipped';
}

export interface Look {
  readonly plan: Plan;
  /** Between the images of the plan: from upstream to dependent, as references. */
  readonly edges: readonly { readonly from: string; readonly to: string }[];
  readonly dispatched: readonly Dispatched[];
  /** What keeps something from being rebuilt that should be. */
  readonly errors: readonly Problem[];
  /** What could not be looked at. */
  readonly warnings: readonly Problem[];
}

export async function look(question: Question, means: Means): Promise<Look> {
  const { github } = means;
  const discovering = discoverFleet(github, question.repositories);
  // What fails first is told; the other must not end the process meanwhile.
  discovering.catch(() => {});
  await Promise.race([github.started, discovering]);
  const [{ gatherFleet }, { gatherState }, renderUpstreams] = await Promise.all([
    import('./gather-fleet.ts'),
    import('./gather-state.ts'),
    means.renderUpstreams(),
  ]);
  const discovery = await discovering;
  let opened: Promise<Registry> | undefined;
  const registryFor = (references: readonly string[]): Promise<Registry> => {
    opened ??= means.registry([...new Set(references.map((reference) => parseReference(reference).registry))]);
    return opened;
  };

  const fleet = await gatherFleet(discovery, github, renderUpstreams, async (reference) =>
    readLabel(await registryFor([reference]), reference),
  );
  const { about } = question;
  const images = about === undefined ? fleet.images : relevantTo(fleet.images, about);
  const registry = await registryFor(fleet.images.map(({ reference }) => reference));
  const { state, problems } = await gatherState(images, { registry, github });
  const facts: FleetState = {
    ...state,
    failed: question.failed ?? new Set(),
    changed: question.changed ?? new Set(),
    unreadable: new Map([...(state.unreadable ?? []), ...fleet.unreadable]),
  };
  const planned = plan(images, facts, Date.now(), defaultPolicy);

  const { self } = question;
  const newer = discovery.repositories.filter(
    ({ repository, head }) =>
      self !== undefined && repository.toLowerCase() === self.repository.toLowerCase() && head !== self.revision,
  );
  const { dispatches } = decideDispatches(planned, {
    ...(about === undefined ? {} : { about: dependentsOf(fleet.images, about) }),
    handled: question.handled ?? new Set(),
    superseded: new Set(newer.map(({ repository }) => repository)),
  });
  for (const { name, reference, state: now } of planned.images)
    if (now === 'ready' && question.handled?.has(reference) && newer.length === 0)
      means.log(`${name} was published by this run, and what it is made from has changed meanwhile.`);
  const outcomes = question.dryRun ? [] : await sendAll(dispatches, question, means);
  return {
    plan: planned,
    edges: edgesOf(images),
    dispatched: dispatches.map((one, index) => ({ ...one, status: statusOf(outcomes[index]) })),
    errors: [...outcomes.flatMap(({ problem }) => problem ?? []), ...planned.cycles.map(cycleProblem)],
    warnings: [...fleet.problems, ...problems],
  };
}

async function sendAll(
  dispatches: readonly Dispatch[],
  { origin, eventType }: Question,
  { github, log }: Means,
): Promise<DispatchOutcome[]> {
  const outcomes: DispatchOutcome[] = [];
  // One after the other: GitHub asks for a second between writes, and the most urgent come first.
  for (const next of dispatches) {
    const outcome = await dispatch(github, next.repository, eventType, payloadOf(next, origin));
    if (outcome.sent) log(`${next.repository} is told to look: ${next.reason}`);
    outcomes.push(outcome);
  }
  return outcomes;
}

function statusOf(outcome: DispatchOutcome | undefined): Dispatched['status'] {
  if (outcome === undefined) return 'skipped';
  return outcome.sent ? 'dispatched' : 'failed';
}

/** The names that a build left in the labels of its image. */
async function readLabel(registry: Registry, reference: string): Promise<readonly UpstreamName[] | undefined> {
  const parsed = parseReference(reference);
  const config = await registry.config(repositoryOf(parsed), parsed.tag ?? 'latest');
  const text = config?.config?.Labels?.[labels.upstreams];
  if (text === undefined) return undefined;
  const names: unknown = JSON.parse(text);
  return Array.isArray(names) && names.every(isUpstreamName) ? names : undefined;
}

function isUpstreamName(value: unknown): value is UpstreamName {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  if (value.kind === 'image') return 'reference' in value && typeof value.reference === 'string';
  return (
    'repository' in value && typeof value.repository === 'string' && 'ref' in value && typeof value.ref === 'string'
  );
}

function edgesOf(images: readonly FleetImage[]): Look['edges'] {
  const { upstreams } = createGraph(images);
  return images.flatMap(({ reference: to }, position) =>
    (upstreams[position] ?? []).flatMap((upstream) => {
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
