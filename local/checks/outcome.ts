/** What came of the checks of an image, beside what should have. */
import type { ImagesTested } from '../../src/checks/index.ts';

/** What has to come of the container being up, and of each check after that. */
export type Expected = 'all pass' | 'all fail' | 'not up';

/** How the outcome differs from what was expected; empty when it does not. */
export function outcomeWrong(
  { record }: ImagesTested,
  image: string,
  expected: Expected,
  log: (line: string) => void,
): string[] {
  const { reason, checks = [] } = record.images.find(({ name }) => name === image) ?? {};
  if (checks.length === 0) return [`no check was done: ${reason}`];
  const wanted = (index: number): string => {
    if (expected === 'all pass') return 'passed';
    if (expected === 'all fail') return checks[0]?.title === 'is up' && index === 0 ? 'passed' : 'failed';
    return index === 0 ? 'failed' : 'skipped';
  };
  return checks.flatMap(({ title, status, message = '' }, index) => {
    // Shown, so that what people get to read can be read.
    log(`    ${status}: ${title}${message === '' ? '' : `: ${message.replaceAll('\n', '\n      ')}`}`);
    return status === wanted(index) ? [] : [`${status}, not ${wanted(index)}: ${title}: ${message}`];
  });
}
