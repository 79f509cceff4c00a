/** What a run has to look at: pure. */
import { sourceName } from '../fleet/index.ts';
import type { BuildRecord, PushRecord, RenderRecord, RunRef, TestRecord } from '../images/records.ts';
import { canonicalReference } from '../images/reference.ts';
import type { Question } from './look.ts';

export const modes = ['after-push', 'after-source', 'reconcile'] as const;
export type Mode = (typeof modes)[number];

/** What the earlier steps of the job left behind. */
export interface RunResults {
  readonly render: RenderRecord;
  readonly push: PushRecord;
  readonly spec: TestRecord | undefined;
  readonly build: BuildRecord | undefined;
  readonly integration: TestRecord | undefined;
}

export type Scope = Pick<Question, 'about' | 'changed' | 'handled' | 'failed' | 'self'>;

/** Why a run has no say in the fleet; `undefined` when it has. */
export function reasonToStay(ref: Omit<RunRef, 'committed'>, mode: Mode): string | undefined {
  if (ref.type === 'pull-request') return 'A pull request publishes nothing, so no other image has to follow.';
  // Any branch of an application repository may be the source of an image, and a reconcile looks at all of the fleet.
  if (mode !== 'after-push' || ref.isDefaultBranch) return undefined;
  return `Only the default branch '${ref.defaultBranch}' starts a cascade; this run is for the ${ref.type} '${ref.name}'.`;
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
