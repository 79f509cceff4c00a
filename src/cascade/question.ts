/** What a run has to look at: pure. */
import { sourceName } from '../fleet/index.ts';
import type { BuildRecord, PushRecord, RenderRecord, RunRef, TestRecord } from '../images/records.ts';
import { canonicalReference } from '../images/reference.ts';
import { fail } from '../problems.ts';
import type { Question } from './look.ts';
import { readOrigin } from './origin.ts';

export const modes = ['after-push', 'after-source', 'reconcile'] as const;
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

type Scope = Pick<Question, 'about' | 'changed' | 'handled' | 'failed' | 'self'>;

export interface Settings {
  /** `owner/name` of the repositories that the user lists. */
  readonly fleet: readonly string[];
  readonly eventType: string;
  readonly dryRun: boolean;
  /** What the event that started this run carries. */
  readonly payload: unknown;
}

/** Why a run has no say in the fleet; `undefined` when it has. */
export function reasonToStay(ref: Event, mode: Mode): string | undefined {
  if (ref.type === 'pull-request') return 'A pull request publishes nothing, so no other image has to follow.';
  // Any branch of an application repository may be the source of an image, and a reconcile looks at all of the fleet.
  if (mode !== 'after-push' || ref.isDefaultBranch) return undefined;
  return `Only the default branch '${ref.defaultBranch}' starts a cascade; this run is for the ${ref.type} '${ref.name}'.`;
}

/**
 * @param results of the earlier steps, after a push
 * @throws ProblemsError when there is no fleet to look at
 */
export function questionOf(mode: Mode, ref: Event, results: RunResults | undefined, settings: Settings): Question {
  const { fleet, payload, ...rest } = settings;
  const scope = results !== undefined ? scopeAfterPush(results) : mode === 'after-source' ? scopeAfterSource(ref) : {};
  // An application repository holds no image.
  if (mode === 'after-source' && fleet.length === 0)
    fail("input 'fleet' is empty", { hint: 'list the repositories whose images have this one as a source' });
  const own = mode === 'after-source' ? [] : [ref.repository];
  return { ...scope, repositories: [...new Set([...own, ...fleet])], origin: readOrigin(payload, ref), ...rest };
}

/**
 * After a push: the images of this run. Those that stayed the same count as well, since the event that should have
 * followed their last change may have been lost.
 */
export function scopeAfterPush({ render, push, spec, build, integration }: RunResults): Scope {
  const references = new Map(
    render.images.flatMap(({ name, repository, tags: [main] }) =>
      main === undefined ? [] : [[name, canonicalReference(`${repository}:${main}`)]],
    ),
  );
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
