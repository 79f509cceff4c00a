/** What merging a pull request would rebuild. Nothing here can dispatch anything. */
import { inputTagOf, nameOfUpstream, plan, sourceName } from '../fleet/index.ts';
import type { FleetImage, FleetState, Plan, PublishedInputs, UpstreamName } from '../fleet/types.ts';
import type { RenderRecord } from '../images/records.ts';
import { canonicalReference, parseReference, repositoryOf } from '../images/reference.ts';
import type { Facts } from './facts.ts';
import { edgesOf, type Look } from './look.ts';
import type { Question } from './question.ts';
import { type Fleet, findFleet, type Means, partOf } from './survey.ts';

export interface Preview {
  /** Images that would be rebuilt. */
  readonly images: number;
  readonly repositories: number;
  /** Rebuilds after each other, at most. */
  readonly levels: number;
  /** By how long the last runs took; absent when none is known. */
  readonly seconds?: number;
}

export async function preview(question: Question, means: Means): Promise<Look> {
  const { ref, baseBranch = ref.defaultBranch } = question;
  const proposed = await findFleet(question.fleet, means, { repository: ref.repository, revision: ref.revision });
  const own = (image: FleetImage): boolean => image.repository.toLowerCase() === ref.repository.toLowerCase();
  const present = await findFleet([{ kind: 'repository', repository: ref.repository }], means);
  const changed = changedImages(
    proposed.images.filter(own),
    present.images.filter(own),
    baseBranch === ref.defaultBranch,
  );
  const kept = await keptAsPublished(question.rendered, proposed);
  const roots = new Set([...changed.keys()].filter((reference) => !kept.has(reference)));
  const source = sourceName(ref.repository, baseBranch);
  for (const image of proposed.images)
    if (image.upstreams.some((upstream) => nameOfUpstream(upstream) === source)) roots.add(image.reference);

  const around = new Set([...partOf(proposed, roots).map(({ reference }) => reference), ...roots]);
  const images = proposed.images.filter(({ reference }) => around.has(reference));
  const state = stateWithout(
    images,
    roots,
    new Map([...changed].filter(([reference]) => roots.has(reference))),
    source,
  );
  const first = plan(images, state, means.now(), question.policy);
  const durations = await durationsOf(first, proposed, question, means);
  const planned = plan(images, { ...state, durations }, means.now(), question.policy);
  const affected = planned.images.filter((image) => image.state === 'ready' || image.state === 'waiting');
  const seconds = Math.max(...affected.map(({ remainingSeconds = 0 }) => remainingSeconds), 0);
  return {
    plan: planned,
    edges: edgesOf(images),
    dispatched: [],
    preview: {
      images: affected.length,
      repositories: new Set(affected.map(({ repository }) => repository)).size,
      levels: Math.max(...affected.map(({ remaining }) => remaining), 0),
      ...(seconds > 0 ? { seconds } : {}),
    },
    errors: [],
    warnings: proposed.problems.filter(({ message }) => !message.startsWith(`${ref.repository} has no images.yaml`)),
  };
}

/** Images that the pull request adds or changes, with what they are made from now. */
function changedImages(
  proposed: readonly FleetImage[],
  present: readonly FleetImage[],
  isForDefaultBranch: boolean,
): ReadonlyMap<string, PublishedInputs> {
  if (!isForDefaultBranch) return new Map();
  const before = new Map(present.map((image) => [image.reference, image]));
  return new Map(
    proposed.flatMap((image) => {
      const old = before.get(image.reference);
      if (old !== undefined && inputsText(old) === inputsText(image)) return [];
      return [
        [image.reference, { upstreams: new Map(), ...(old === undefined ? {} : { objects: old.material.objects }) }],
      ];
    }),
  );
}

function inputsText({ material, upstreams, platforms }: FleetImage): string {
  return JSON.stringify([Object.entries(material.objects).sort(), upstreams.map(nameOfUpstream).sort(), platforms]);
}

/** Images that were rendered for the pull request, and found to be built and published from just these inputs. */
async function keptAsPublished(record: RenderRecord | undefined, fleet: Fleet): Promise<ReadonlySet<string>> {
  const built = (record?.images ?? []).filter(({ build, digest }) => !build.needed && digest !== undefined);
  if (built.length === 0) return new Set();
  const registry = await fleet.registry();
  const found = built.map(async ({ mainReference, digest }) => {
    const { tag = 'latest', ...reference } = parseReference(mainReference);
    const published = await registry.head(repositoryOf(reference), tag);
    return published?.digest === digest ? [canonicalReference(mainReference)] : [];
  });
  return new Set((await Promise.all(found)).flat());
}

/**
 * A state in which all is up to date but the roots: what the planner makes of it follows from the change alone. What the
 * registry really holds has no say, so nothing of it is asked.
 */
function stateWithout(
  images: readonly FleetImage[],
  roots: ReadonlySet<string>,
  previous: ReadonlyMap<string, PublishedInputs>,
  source: string,
): FleetState {
  const upstreams = images.flatMap((image) => image.upstreams);
  const platforms = new Map<string, Record<string, string>>();
  const commits = new Map<string, string>();
  const publish = (reference: string, wanted: readonly string[]): void => {
    const known = platforms.get(reference) ?? {};
    platforms.set(reference, { ...known, ...Object.fromEntries(wanted.map((platform) => [platform, reference])) });
  };
  for (const { reference, platforms: wanted } of images) publish(reference, wanted);
  for (const { upstreams: names, platforms: wanted } of images)
    for (const name of names) if (name.kind === 'image') publish(name.reference, wanted);
  for (const name of upstreams) if (isSource(name)) commits.set(nameOfUpstream(name), 'present');
  const published = new Map(images.map(({ reference }) => [reference, reference]));
  const state = { published, platforms, commits, inputTags: new Map<string, string>(), failed: new Set<string>() };
  for (const image of images) {
    const tag = roots.has(image.reference) ? undefined : inputTagOf(image, state);
    if (tag !== undefined) state.inputTags.set(tag, image.reference);
  }
  return { ...state, previous, changed: new Set([source]) };
}

function isSource(name: UpstreamName): boolean {
  return name.kind === 'source';
}

/** An estimate needs not be asked of hundreds of repositories. */
const mostAsked = 50;

async function durationsOf(
  { images }: Plan,
  { discovery }: Fleet,
  { eventType, ref }: Question,
  { github, facts }: Pick<Means, 'github' | 'facts'>,
): Promise<ReadonlyMap<string, number>> {
  const affected = images.filter(({ state }) => state !== 'settled');
  const open = new Set(
    affected.map(({ repository }) => repository).filter((name) => facts.seconds(name) === undefined),
  );
  const heads = discovery.repositories.filter(({ repository }) => open.has(repository)).slice(0, mostAsked);
  if (heads.length > 0) {
    const { gatherRuns } = await import('./gather-runs.ts');
    await gatherRuns(heads, { github, facts, eventType, own: ref.runId });
  }
  return knownSeconds(affected, facts);
}

function knownSeconds(images: Plan['images'], facts: Facts): ReadonlyMap<string, number> {
  return new Map(
    images.flatMap(({ reference, repository }) => {
      const seconds = facts.seconds(repository);
      return seconds === undefined ? [] : [[reference, seconds] as const];
    }),
  );
}
