/** From where, as what and when a build was published. */
import { labels } from '../images/labels.ts';
import { type PublicationClass, readClass } from '../images/publication.ts';
import { type Node, saidBy, tagsOf } from './graph.ts';

export interface Publication {
  readonly class: PublicationClass;
  readonly branch: string;
  /** Tags of its users' that it explains. */
  readonly tags: readonly string[];
  /** Milliseconds since 1970; absent where nothing tells. */
  readonly at?: number;
}

/** All publications of a build that are known; none of what the suite did not make. */
export function publicationsOf(node: Node): readonly Publication[] {
  const recorded = node.publications.flatMap((record) => {
    const says = saidBy(record);
    return says === undefined ? [] : [{ ...says, at: says.publishedAt.getTime() }];
  });
  const named = node.manifest.labels ?? {};
  const own = readClass(named[labels.class]);
  if (own === undefined) return recorded;
  const at = lastTime(node);
  const branch = named[labels.branch] ?? '';
  const revision = named[labels.revision] ?? '';
  const tags = [named[labels.version] ?? '', `sha-${revision.slice(0, 7)}`];
  return [...recorded, { class: own, branch, tags, ...(at === undefined ? {} : { at }) }];
}

/**
 * When a build was published last, in milliseconds since 1970: as its records and their tags say, or the mark of a
 * rotation that deleted these already, else the store, else the time of its commit.
 */
export function lastTime(node: Node): number | undefined {
  const written = [node, ...node.publications].flatMap((one) => [
    ...tagsOf(one).flatMap(({ is }) => (is.kind === 'publication' ? [is.publishedAt.getTime()] : [])),
    ...timeOf(saidBy(one)?.publishedAt),
  ]);
  written.push(...timeOf(node.pending?.publishedAt));
  if (written.length > 0) return Math.max(...written);
  const { updatedAt, labels: named = {} } = node.manifest;
  return [...timeOf(updatedAt), ...timeOf(named[labels.created])][0];
}

function timeOf(value: Date | string | undefined): number[] {
  const time = value === undefined ? Number.NaN : new Date(value).getTime();
  return Number.isNaN(time) ? [] : [time];
}
