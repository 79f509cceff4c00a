/**
 * Marks that keep a build: tags `hold-<name>` and `hold-until-<date>-<name>`. Such a tag points at an index with one
 * entry, the build, and its annotations say who set it and why: so it needs no other store, the build still pulls under
 * it, and taking the mark away leaves the build. A tag that somebody puts on the build itself is a mark as well.
 */

export interface HoldTag {
  readonly name: string;
  /** The last day that it holds, `yyyy-mm-dd` in UTC; absent: for ever. */
  readonly until?: string;
}

/** Of the index that a hold tag points at. */
export const holdArtifactType = 'application/vnd.image-cascade.hold.v1+json';

/** The time at which it was set is in the standard annotation `org.opencontainers.image.created`. */
export const holdAnnotations = {
  by: 'io.image-cascade.hold.by',
  reason: 'io.image-cascade.hold.reason',
  /** Page of the run that set it. */
  run: 'io.image-cascade.hold.run',
} as const;

const pattern = /^hold-(?:until-(\d{4}-\d{2}-\d{2})-)?([A-Za-z0-9_.-]+)$/;

export function holdTag({ name, until }: HoldTag): string {
  return until === undefined ? `hold-${name}` : `hold-until-${until}-${name}`;
}

/** `undefined` for any other tag. A date that no calendar has is part of a name that holds for ever. */
export function parseHoldTag(tag: string): HoldTag | undefined {
  const [, until, name = ''] = pattern.exec(tag) ?? [];
  if (name === '') return undefined;
  if (until === undefined) return { name };
  return isDay(until) ? { name, until } : { name: `until-${until}-${name}` };
}

/** Whether the mark counts at `now`: to the end of its last day. */
export function isHolding({ until }: HoldTag, now: Date): boolean {
  return until === undefined || now.getTime() < Date.parse(`${until}T00:00:00Z`) + 24 * 60 * 60 * 1000;
}

/** Whether a text is a day of the calendar, as `yyyy-mm-dd`. */
export function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
