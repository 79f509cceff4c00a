/** How the logs of a build are shown once it is over: pure. */
import type { BuildRecord } from '../images/records.ts';

export interface ShownLog {
  readonly title: string;
  readonly lines: readonly string[];
  /** The end of a failed image's log, to be shown unfolded. */
  readonly tail: readonly string[];
}

const tailLines = 20;

/** One log an image, those of failed images last: that is where a reader looks. */
export function shownLogs(record: BuildRecord, logs: ReadonlyMap<string, readonly string[]>): ShownLog[] {
  const order = record.images.toSorted((a, b) => Number(a.status === 'failed') - Number(b.status === 'failed'));
  return order.flatMap(({ name, status, reason }): ShownLog[] => {
    const lines = logs.get(name);
    if (lines === undefined) return [];
    const failed = status === 'failed';
    const title = `${name}: ${status}${failed || status === 'skipped' ? `, ${reason}` : ''}`;
    return [{ title: title.replaceAll('\n', ' '), lines, tail: failed ? lines.slice(-tailLines) : [] }];
  });
}
