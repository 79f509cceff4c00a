/** When to try a failing image again, and when to stop waiting for it. */
import type { Attempts, Policy } from './types.ts';

const hour = 3_600_000;

/** Failing images are tried again after 0, 1, 2, 4, … hours, and block what is built on them for a day. */
export const defaultPolicy: Policy = { retryHours: [0, 1, 2, 4, 8, 16, 32], maxHold: 24 * hour };

/** Milliseconds since 1970 from which on a repository with failed runs may be tried again. */
export function retryTime({ failures, lastFailure }: Attempts, { retryHours }: Policy): number {
  const hours = retryHours[Math.min(failures, retryHours.length) - 1] ?? 0;
  return lastFailure + hours * hour;
}

/** Whether dependents of what fails are built on its last good image by now. */
export function isHeldTooLong({ firstFailure }: Attempts, now: number, { maxHold }: Policy): boolean {
  return now - firstFailure >= maxHold;
}
