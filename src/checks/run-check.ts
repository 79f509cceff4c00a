/** One check against a container. */
import { setTimeout as pause } from 'node:timers/promises';
import type { CheckResult } from '../images/records.ts';
import { problemsOf, sentenceOf } from '../problems.ts';
import type { Check, ListedCheck, Subject } from './check.ts';

const retryPauseMs = 1000;

/** Runs a check until it passes or its retries are used up. */
export async function runListedCheck(
  { title, check, timeoutMs, retries, skip }: ListedCheck,
  subject: Omit<Subject, 'timeoutMs'>,
): Promise<CheckResult> {
  if (skip !== undefined) return { title, status: 'skipped', message: skip, durationMs: 0 };
  const begun = performance.now();
  let wrong: readonly string[] = [];
  for (let count = 0; count <= retries; count++) {
    if (count > 0) await pause(retryPauseMs, undefined, { signal: subject.signal });
    wrong = await attempt(check, { ...subject, timeoutMs });
    if (wrong.length === 0) break;
  }
  const durationMs = Math.round(performance.now() - begun);
  if (wrong.length === 0) return { title, status: 'passed', durationMs };
  return { title, status: 'failed', message: wrong.join('; '), durationMs };
}

/** What is wrong, as sentences; empty when the check passes. Never rejects. */
export async function attempt(check: Check, subject: Subject): Promise<readonly string[]> {
  try {
    return await check.run(subject);
  } catch (error) {
    return problemsOf(error).map(sentenceOf);
  }
}
