/** Periods of a policy, on the calendar and in words. */
import type { Period } from '../images/retention.ts';

const day = 24 * 60 * 60 * 1000;

/** The time before which a build has to be published to be older than a period. */
export function startOf({ months, milliseconds }: Period, now: Date): Date {
  const start = new Date(now.getTime() - milliseconds);
  const dayOfMonth = start.getUTCDate();
  start.setUTCMonth(start.getUTCMonth() - months, 1);
  // A month before 31 March is the last day of February.
  const days = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 0)).getUTCDate();
  start.setUTCDate(Math.min(dayOfMonth, days));
  return start;
}

/** `1 year 2 months`, `7 days`, `36 hours`. */
export function periodText(period: Period | 'forever'): string {
  if (period === 'forever') return period;
  const { months, milliseconds } = period;
  const days = Math.floor(milliseconds / day);
  const hours = (milliseconds - days * day) / (day / 24);
  const parts = [
    [Math.floor(months / 12), 'year'],
    [months % 12, 'month'],
    [days, 'day'],
    [Math.round(hours * 100) / 100, 'hour'],
  ] as const;
  const text = parts.flatMap(([count, unit]) => (count === 0 ? [] : [`${count} ${unit}${count === 1 ? '' : 's'}`]));
  return text.length === 0 ? '0 days' : text.join(' ');
}
