/** What a run has to look at: pure. */
import { defaultPolicy, sourceName } from '../fleet/index.ts';
import type { Policy } from '../fleet/types.ts';
import { type FleetEntry, parseFleet } from '../github/names.ts';
import type { BuildRecord, PushRecord, RenderRecord, RunRef, TestRecord } from '../images/records.ts';
import { canonicalReference } from '../images/reference.ts';
import { fail } from '../problems.ts';
import { type Origin, readOrigin } from './origin.ts';

export const modes = ['after-push', 'after-source', 'before-build', 'preview', 'reconcile', 'manual'] as const;
export type Mode = (typeof modes)[number];

type Event = Omit<RunRef, 'committed'>;

/** What the earlier steps of the job left behind. */
export interface RunResults {
  readonly render: RenderRecord;
  readonly push: PushRecord;
  readonly spec: TestRecord | undefined;
  readonly build: BuildRecord | undefined;
  readonly integration: TestRecord | undefined;
}

/** As far as the steps did run. */
export type FoundResults = { readonly [Step in keyof RunResults]?: RunResults[Step] | undefined };

export interface Question {
  readonly mode: Mode;
  /** Where images of the fleet may be. */
  readonly fleet: readonly FleetEntry[];
  /** This run and the commit it is for. */
  readonly ref: Event;
  /** Of a pull request: the branch that it is to be merged into. */
  readonly baseBranch?: string;
  /** Of a pull request, where it was rendered. */
  readonly rendered?: RenderRecord;
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
  /** Names of images, or patterns, that somebody asks for by hand; none: all. */
  readonly images: readonly string[];
  /** Build them although they are up to date. */
  readonly force: boolean;
  readonly origin: Origin;
  readonly eventType: string;
  /** Decide and tell, but dispatch nothing. */
  readonly dryRun: boolean;
  readonly maxDispatches: number;
  readonly policy: Policy;
}

type Scope = Pick<Question, 'about' | 'changed' | 'handled' | 'failed' | 'self'>;

export interface Settings {
  /** The lines of the input `fleet`. */
  readonly fleet: readonly string[];
  readonly images: readonly string[];
  readonly force: boolean;
  readonly eventType: string;
  readonly dryRun: boolean;
  readonly maxDispatches: number;
  /** Milliseconds. */
  readonly maxHold: number;
  readonly baseBranch: string | undefined;
  /** What the event that started this run carries. */
  readonly payload: unknown;
}

/** Why a run has no say in the fleet; `undefined` when it has. */
export function reasonToStay(ref: Event, mode: Mode): string | undefined {
  const isPull = ref.type === 'pull-request';
  if (mode === 'preview') return isPull ? undefined : "Only a pull request has a preview; this run's event is another.";
  if (isPull) return 'A pull request publishes nothing, so no other image has to follow.';
  if (mode === 'before-build') return reasonNotToWait(ref);
  // Any branch of an application repository may be the source of an image, and a reconcile looks at all of the fleet.
  if (mode !== 'after-push' || ref.isDefaultBranch) return undefined;
  return `Only the default branch '${ref.defaultBranch}' starts a cascade; this run is for the ${ref.type} '${ref.name}'.`;
}

/** A push builds what it changes at once, but not what else of the repository only follows its upstreams. */
function reasonNotToWait({ event, isDefaultBranch, type, name }: Event): string | undefined {
  if (event === 'repository_dispatch' || event === 'schedule') return undefined;
  if (event !== 'push')
    return `A run that was pushed, dispatched or scheduled waits for upstreams; '${event}' does not.`;
  return isDefaultBranch ? undefined : `Only the default branch waits for upstreams; the ${type} '${name}' does not.`;
}

/**
 * @param results of the earlier steps: after a push all, for a preview as far as there are any
 * @throws ProblemsError when there is no fleet to look at, or its list can't be read
 */
export function questionOf(mode: Mode, ref: Event, results: FoundResults, settings: Settings): Question {
  const { fleet: lines, payload, baseBranch, maxHold, ...rest } = settings;
  const listed = parseFleet(lines);
  // An application repository holds no image.
  if (mode === 'after-source' && listed.length === 0)
    fail("input 'fleet' is empty", { hint: 'list the repositories whose images have this one as a source' });
  if (rest.force && mode !== 'manual')
    fail(`input 'force' has no meaning with the mode '${mode}'`, { hint: "leave it out, or set 'mode: manual'" });
  const own: FleetEntry = { kind: 'repository', repository: ref.repository };
  const withOwn = mode === 'after-push' || mode === 'before-build' || mode === 'preview' || listed.length === 0;
  return {
    ...rest,
    ...scopeOf(mode, ref, results),
    mode,
    ref,
    fleet: withOwn && !listed.some((entry) => isSame(entry, own)) ? [own, ...listed] : listed,
    ...(baseBranch === undefined ? {} : { baseBranch }),
    ...(mode === 'preview' && results.render !== undefined ? { rendered: results.render } : {}),
    origin: readOrigin(payload, ref),
    policy: { ...defaultPolicy, maxHold },
  };
}

function isSame(one: FleetEntry, other: FleetEntry): boolean {
  return (
    one.kind === 'repository' &&
    other.kind === 'repository' &&
    one.repository.toLowerCase() === other.repository.toLowerCase()
  );
}

function scopeOf(mode: Mode, ref: Event, results: FoundResults): Scope {
  if (mode === 'after-source') return scopeAfterSource(ref);
  const { render, push, spec, build, integration } = results;
  if (mode !== 'after-push' || render === undefined || push === undefined) return {};
  return scopeAfterPush({ render, push, spec, build, integration });
}

/**
 * After a push: the images of this run. Those that stayed the same count as well, since the event that should have
 * followed their last change may have been lost.
 */
export function scopeAfterPush({ render, push, spec, build, integration }: RunResults): Scope {
  const references = new Map(render.images.map(({ name, mainReference }) => [name, canonicalReference(mainReference)]));
  const referencesOf = (names: readonly string[]): Set<string> =>
    new Set(names.flatMap((name) => references.get(name) ?? []));
  const done = push.images.filter(({ status }) => status === 'published' || status === 'unchanged');
  const failures = [spec, build, integration].flatMap((record) =>
    (record?.images ?? []).filter(({ status }) => status === 'failed').map(({ name }) => name),
  );
  return {
    about: new Set(references.values()),
    changed: referencesOf(push.images.filter(({ changed }) => changed).map(({ name }) => name)),
    handled: referencesOf(done.map(({ name }) => name)),
    failed: referencesOf(failures),
    self: { repository: render.ref.repository, revision: render.ref.revision },
  };
}

/** After a commit in an application repository: the images that it is a source of. */
export function scopeAfterSource({ repository, name }: Pick<RunRef, 'repository' | 'name'>): Scope {
  const source = new Set([sourceName(repository, name)]);
  return { about: source, changed: source };
}
