/** Results of tests as TAP 14: https://testanything.org/tap-version-14-specification.html */
import { stringify } from 'yaml';
import type { CheckResult, TestedImage, TestRecord } from '../images/records.ts';

/** A test point for each image, with its checks as a subtest. Pure. */
export function tapReport({ images }: TestRecord): string {
  const lines = ['TAP version 14', `1..${images.length}`];
  for (const [index, image] of images.entries()) {
    if (image.checks.length > 0) lines.push(...subtest(image).map((line) => `    ${line}`.trimEnd()));
    const { name, status, reason } = image;
    lines.push(...testPoint(index + 1, { title: name, status, message: reason, durationMs: 0 }));
  }
  return `${lines.join('\n')}\n`;
}

function subtest({ name, checks }: TestedImage): string[] {
  return [
    `# Subtest: ${escaped(name)}`,
    `1..${checks.length}`,
    ...checks.flatMap((check, index) => testPoint(index + 1, check)),
  ];
}

function testPoint(id: number, { title, status, message, durationMs }: CheckResult): string[] {
  const skip = status === 'skipped' ? ` # SKIP ${escaped((message ?? '').replaceAll('\n', ' '))}`.trimEnd() : '';
  const point = `${status === 'failed' ? 'not ok' : 'ok'} ${id} - ${escaped(title)}${skip}`;
  if (status !== 'failed') return [point];
  const diagnostic = stringify({ message: message ?? '', duration_ms: durationMs }, { lineWidth: 0 }).trimEnd();
  return [point, '  ---', ...diagnostic.split('\n').map((line) => `  ${line}`), '  ...'];
}

/** On one line, where only a directive has a bare `#`. */
function escaped(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[\\#]/g, '\\$&');
}
