/** Reports of tests as files: the name of each tells its format. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import type { TestRecord } from '../images/records.ts';
import { type Problem, ProblemsError } from '../problems.ts';
import type { TestPhase } from './phase.ts';

const formats = ['.xml', '.tap', '.json', '.sarif'] as const;
type Format = (typeof formats)[number];

/** @throws ProblemsError for paths that tell no format, and for SARIF where there is nothing to put into it */
export function checkReports(files: readonly string[], phase: TestPhase): void {
  const problems = files.flatMap((file): Problem[] => {
    const format = formatOf(file);
    if (format === undefined)
      return [
        {
          message: `input 'report': '${file}' does not tell its format`,
          hint: 'write a path that ends with .xml (JUnit), .tap, .json or .sarif',
        },
      ];
    if (format === '.sarif' && phase === 'integration')
      return [
        {
          message: `input 'report': '${file}' is for findings in files, which only the phase spec has`,
          hint: 'write a path that ends with .xml (JUnit), .tap or .json',
        },
      ];
    return [];
  });
  if (problems.length > 0) throw new ProblemsError(problems);
}

/**
 * @param files paths relative to the workspace, checked by `checkReports`
 * @param sarif makes what a SARIF file holds
 * @returns their absolute paths
 */
export async function writeReports(
  files: readonly string[],
  workspace: string,
  phase: TestPhase,
  record: TestRecord,
  sarif: () => Promise<unknown>,
): Promise<string[]> {
  const texts: Readonly<Record<Format, () => Promise<string>>> = {
    '.xml': async () => (await import('./junit.ts')).junitReport(phase, record),
    '.tap': async () => (await import('./tap.ts')).tapReport(record),
    '.json': async () => (await import('./json-report.ts')).jsonReport(phase, record),
    '.sarif': async () => `${JSON.stringify(await sarif(), null, 2)}\n`,
  };
  return await Promise.all(
    files.map(async (file) => {
      const path = resolve(workspace, file);
      const format = formatOf(file);
      if (format === undefined) throw new RangeError(`${file} tells no format`);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, await texts[format]());
      return path;
    }),
  );
}

function formatOf(file: string): Format | undefined {
  return formats.find((format) => format === extname(file).toLowerCase());
}
