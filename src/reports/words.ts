/** Words and figures that all reports share. */
import type { Cell, Markdown } from './markdown.ts';
import { code } from './markdown.ts';

/** `850 ms`, `12.3 s`, `2 min 5 s`; empty when unknown. */
export function duration(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return '';
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** `1 image`, `2 images`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `1.5 GB`, in powers of 1000. */
export function byteCount(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(byteUnits.length - 1, Math.floor(Math.log10(bytes) / 3));
  const number = bytes / 1000 ** power;
  return `${power === 0 || number >= 100 ? Math.round(number) : number.toFixed(1)} ${byteUnits[power]}`;
}

/** `1 failed, 2 built`: how often each status is there, what failed first, the others in order of appearance. */
export function tally(statuses: readonly string[]): string {
  return [...Map.groupBy(statuses, (status) => status)]
    .toSorted(([a], [b]) => Number(b === 'failed') - Number(a === 'failed'))
    .map(([status, all]) => `${all.length} ${status}`)
    .join(', ');
}

const marks: Readonly<Record<string, string>> = {
  built: '✅',
  passed: '✅',
  published: '✅',
  settled: '✅',
  dispatched: '✅',
  restored: '✅',
  present: '➖',
  unchanged: '➖',
  reused: '➖',
  skipped: '⏭️',
  left: '⏭️',
  waiting: '⏳',
  ready: '🔵',
  changed: '🟣',
  refused: '❌',
  failed: '❌',
  blocked: '⛔',
};

/** A status with its mark, which no narrow column parts. */
export function status(word: string): Cell {
  const mark = marks[word];
  return mark === undefined ? word : { markdown: `${mark}&nbsp;${word}` };
}

/** A digest short enough for a table. */
export function shortDigest(digest: string | undefined): Markdown {
  return code(digest === undefined ? '' : digest.slice(0, 'sha256:'.length + 12));
}

/** The part of a canonical reference that tells images of a fleet apart. */
export function shortReference(reference: string, fleet?: string): string {
  if (fleet !== undefined && reference.startsWith(`${fleet}/`)) return reference.slice(fleet.length + 1);
  return reference.replace(/^docker\.io\/(?:library\/)?/, '');
}
