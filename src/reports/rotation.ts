/** The job summaries of rotation: what stays, what went, who holds what and why. */
import type { ClassSummary, Hold, RepositoryPlan } from '../retention/types.ts';
import type { Deletion, HeldBuild, ImageRepository, LeftoverDeletion, Restoration, Rotation } from '../rotate/index.ts';
import { type Cell, code, details, document, link, type Markdown, stack, table } from './markdown.ts';
import { byteCount, count, shortDigest, status, tally } from './words.ts';

export interface RotationReport {
  readonly rotation: Rotation;
  /** Its `registry/namespace` is left out of the images' names. */
  readonly own: ImageRepository | undefined;
  /** Whether to list every kept build with its reasons. */
  readonly reasons: boolean;
}

export function rotationSummary({ rotation, own, reasons }: RotationReport): string {
  const { dryRun, plan, rotated, deletions, leftovers, stopped, refused } = rotation;
  const nameOf = nameWithin(own && `${own.config.registry}/${own.config.namespace}`);
  const repositories = plan.repositories.filter(({ repository }) => rotated.has(repository));
  const done = !dryRun && refused.length === 0;
  const waiting = deletions.filter((deletion) => deletion.status === 'planned').length;
  return document([
    `### ${done ? 'Rotation' : dryRun ? 'Rotation (dry run)' : 'Rotation refused'}: ${headline(repositories, done)}`,
    ...refused.map(({ message, hint }) => `⛔ ${escaped(message)}${hint === undefined ? '' : `; ${escaped(hint)}`}`),
    refused.length > 0 && !dryRun ? 'Nothing was deleted.' : '',
    stopped === undefined
      ? ''
      : `⏳ It ended early: ${escaped(stopped)}. ${count(waiting, 'deletion')} ${waiting === 1 ? 'is' : 'are'} left to the next run.`,
    classTable(repositories, done, nameOf),
    holdTable(repositories, nameOf),
    stayedTable(deletions, nameOf),
    leftoverTable(leftovers, done),
    ...repositories.map((repository) => deletedDetails(repository, done, nameOf)),
    ...(reasons ? repositories.map((repository) => keptDetails(repository, nameOf)) : []),
  ]);
}

type NameOf = (repository: string) => string;

function nameWithin(namespace: string | undefined): NameOf {
  return (repository) =>
    namespace !== undefined && repository.startsWith(`${namespace}/`)
      ? repository.slice(namespace.length + 1)
      : repository;
}

function escaped(text: string): string {
  return stack([text]).markdown;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function headline(repositories: readonly RepositoryPlan[], done: boolean): string {
  const classes = repositories.flatMap((repository) => repository.classes);
  const deleted = sum(classes.map((own) => own.deleted));
  const kept = sum(classes.map((own) => own.kept));
  const held = sum(classes.map((own) => own.held));
  const freed = sum(repositories.map(({ bytesFreed }) => bytesFreed));
  return [
    `${count(deleted, 'build')} ${done ? 'deleted' : 'to delete'}`,
    `${kept} kept${held === 0 ? '' : `, ${held} of them held`}`,
    `${byteCount(freed)} ${done ? 'freed' : 'to free'}`,
  ].join(', ');
}

function classTable(repositories: readonly RepositoryPlan[], done: boolean, nameOf: NameOf): string {
  const rows = repositories.flatMap(({ repository, classes, bytesFreed }): (readonly Cell[])[] => {
    const own = classes.map((one, at) => classRow(at === 0 ? code(nameOf(repository)) : '', one));
    if (classes.length < 2) return own;
    // What two classes share is freed by neither alone.
    const whole = sum(classes.map((one) => one.bytesFreed)) === bytesFreed ? '' : byteCount(bytesFreed);
    return whole === '' ? own : [...own, ['', 'together', '', '', '', whole, '']];
  });
  if (rows.length === 0) return 'There are no images to rotate.';
  const headers = [
    'Image',
    'Class',
    'Kept',
    'Held',
    done ? 'Deleted' : 'To delete',
    done ? 'Freed' : 'To free',
    'Oldest kept',
  ];
  return table(headers, rows);
}

function classRow(name: Cell, { class: own, kept, held, deleted, bytesFreed, oldestKept }: ClassSummary): Cell[] {
  return [name, own, kept, held, deleted, byteCount(bytesFreed), oldestKept?.slice(0, 10) ?? ''];
}

function holdTable(repositories: readonly RepositoryPlan[], nameOf: NameOf): string {
  const rows = repositories.flatMap(({ repository, holds }) =>
    holds.map((hold): readonly Cell[] => [code(nameOf(repository)), ...holdCells(hold)]),
  );
  if (rows.length === 0) return '';
  return `**Held**\n\n${table(['Image', 'Mark', 'Build', 'Until', 'By', 'Since', 'Reason'], rows)}`;
}

function holdCells({ tag, digest, until, active, by, since, reason, run }: Hold): Cell[] {
  const day = since?.slice(0, 10) ?? '';
  return [
    code(tag),
    shortDigest(digest),
    until === undefined ? 'for ever' : active ? until : `${until}: over`,
    by ?? 'set by hand',
    run === undefined ? day : link(day, run),
    reason ?? '',
  ];
}

function stayedTable(deletions: readonly Deletion[], nameOf: NameOf): string {
  const rows = deletions
    .filter((deletion) => ['left', 'refused', 'failed'].includes(deletion.status))
    .map(({ repository, digest, tags, status: came, problem }): readonly Cell[] => [
      code(nameOf(repository)),
      shortDigest(digest),
      stack(tags.map(code)),
      status(came),
      problem ?? '',
    ]);
  return rows.length === 0 ? '' : `**Still there**\n\n${table(['Image', 'Digest', 'Tags', 'Status', 'Why'], rows)}`;
}

function leftoverTable(leftovers: readonly LeftoverDeletion[], done: boolean): string {
  if (leftovers.length === 0) return '';
  const groups = Map.groupBy(leftovers, ({ repository, kind }) => `${repository} ${kind}`);
  const rows = [...groups.values()].flatMap((group): (readonly Cell[])[] => {
    const [first] = group;
    if (first === undefined) return [];
    const size = sum(group.filter((one) => !done || one.status === 'deleted').map((one) => one.size));
    const words = done ? tally(group.map((one) => one.status)) : `${group.length} to delete`;
    return [[code(first.repository), `${first.kind}s`, words, byteCount(size)]];
  });
  const all = leftovers.map(({ repository, kind, name, ref, reason, problem }): readonly Cell[] => [
    code(repository),
    kind,
    code(name),
    code(ref ?? ''),
    problem ?? reason,
  ]);
  return [
    '**Artifacts and caches of GitHub Actions**',
    table(['Repository', 'Kind', done ? 'Deleted' : 'Plan', 'Freed'], rows),
    details(
      count(all.length, 'artifact or cache', 'artifacts and caches'),
      table(['Repository', 'Kind', 'Name', 'Ref', 'Reason'], all),
    ),
  ].join('\n\n');
}

function deletedDetails({ repository, deleted }: RepositoryPlan, done: boolean, nameOf: NameOf): string {
  if (deleted.length === 0) return '';
  const builds = deleted.filter(({ build, digest }) => build === digest);
  const shown = builds.length === 0 ? deleted : builds;
  const rows = shown.map(({ digest, tags, class: own, publishedAt, reason }): readonly Cell[] => [
    shortDigest(digest),
    tagCell(tags),
    own ?? '',
    publishedAt?.slice(0, 10) ?? '',
    reason,
  ]);
  const more = deleted.length - shown.length;
  const what = builds.length === 0 ? count(shown.length, 'record') : count(shown.length, 'build');
  const title = `${nameOf(repository)}: ${what} ${done ? 'deleted' : 'to delete'}${more === 0 ? '' : `, with ${count(more, 'manifest')} that belong${more === 1 ? 's' : ''} to ${builds.length === 1 ? 'it' : 'them'}`}`;
  return details(title, table(['Digest', 'Tags', 'Class', 'Published', 'Reason'], rows));
}

function keptDetails({ repository, kept }: RepositoryPlan, nameOf: NameOf): string {
  const builds = kept.filter((manifest) => manifest.class !== undefined);
  if (builds.length === 0) return '';
  const rows = builds.map(({ digest, tags, class: own, publishedAt, reasons }): readonly Cell[] => [
    shortDigest(digest),
    tagCell(tags),
    own ?? '',
    publishedAt?.slice(0, 10) ?? '',
    stack(reasons),
  ]);
  const title = `${nameOf(repository)}: why ${count(builds.length, 'build')} stay${builds.length === 1 ? 's' : ''}`;
  return details(title, table(['Digest', 'Tags', 'Class', 'Published', 'Reasons'], rows));
}

/** Tags that say something to people: the suite's own are many, and say nothing here. */
function tagCell(tags: readonly string[]): Markdown {
  return stack(tags.filter((tag) => !/^(?:[kcti]-[0-9a-f]{32}|p-\d{8}T\d{6}Z-[0-9a-f]{12})$/.test(tag)).map(code));
}

/** @param mode whether they were set or taken away */
export function holdSummary(mode: 'hold' | 'release', builds: readonly HeldBuild[]): string {
  const rows = builds.map(({ repository, digest, tag, until, by, reason }): readonly Cell[] => [
    code(repository),
    shortDigest(digest),
    code(tag),
    until ?? 'for ever',
    by ?? '',
    reason ?? '',
  ]);
  return document([
    `### Rotation: ${count(builds.length, mode === 'hold' ? 'build held' : 'mark released', mode === 'hold' ? 'builds held' : 'marks released')}`,
    table(['Image', 'Build', 'Mark', 'Until', 'By', 'Reason'], rows),
  ]);
}

export function restoreSummary(restorations: readonly Restoration[]): string {
  const rows = restorations.map(
    ({ deletion: { repository, digest }, status: came, tags, problem }): readonly Cell[] => [
      code(repository),
      shortDigest(digest),
      stack(tags.map(code)),
      status(came),
      problem ?? '',
    ],
  );
  return document([
    `### Rotation: ${tally(restorations.map((one) => one.status)) || 'nothing to restore'}`,
    rows.length > 0 ? table(['Image', 'Digest', 'Tags', 'Status', 'Note'], rows) : '',
  ]);
}
