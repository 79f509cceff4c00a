/** How the results of one image are shown in the log: pure. */
import type { TestedImage } from '../images/records.ts';

const marks = { passed: '✓', failed: '✗', skipped: '-' } as const;

/**
 * One line a check, then the end of the container's log. What the container wrote is put behind a bar, so that no line
 * of it can be taken for a command to the runner.
 */
export function shownResults(image: TestedImage, logTail: readonly string[] = []): string[] {
  return [
    `${marks[image.status]} ${image.name}: ${image.reason}`,
    ...image.checks.flatMap(({ title, status, message, durationMs }) => [
      `  ${marks[status]} ${title} (${durationMs} ms)`,
      ...(message === undefined ? [] : message.split('\n').map((line) => `    | ${line}`)),
    ]),
    ...(logTail.length === 0 ? [] : [`  last ${logTail.length} lines of its log:`]),
    ...logTail.map((line) => `  | ${line.replaceAll('##[', '## [')}`),
  ];
}
