import { setTimeout as delay } from 'node:timers/promises';

/**
 * Repeats a check until it gives true.
 * @throws Error that says what was waited for, after `timeoutMs` (default 30,000); what the check throws ends the wait
 */
export async function untilTrue(
  check: () => boolean | Promise<boolean>,
  options: { what: string; timeoutMs?: number; intervalMs?: number },
): Promise<void> {
  const timeoutMs = options.timeoutMs ?? 30_000;
  const deadline = performance.now() + timeoutMs;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs / 1000} s in vain for ${options.what}`);
    await delay(options.intervalMs ?? 100);
  }
}
