/** The log of a step: lines, annotations, groups, masks, and the job summary. */
import { appendFileSync, writeSync } from 'node:fs';
import { EOL } from 'node:os';
import * as core from '@actions/core';
import { formatProblem, type Problem, type Severity } from '../problems.ts';

/** Whether standard output takes what is written to it at once, as pipes of a runner and files do. */
let waits = true;

/** As `core.info`, but without `process.stdout`, whose streams take longer to set up than a short step takes. */
export function info(line: string): void {
  const text = line + EOL;
  if (!waits) {
    process.stdout.write(text);
    return;
  }
  const bytes = Buffer.from(text);
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(1, bytes, written);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
    waits = false;
    process.stdout.write(bytes.subarray(written));
  }
}

export function debug(line: string): void {
  core.debug(line);
}

/** Keeps a value out of every log line that follows. */
export function mask(secret: string): void {
  // A mask of several lines hides none of them, so each gets its own.
  for (const line of secret.split('\n')) if (line.trim() !== '') core.setSecret(line);
}

/** Writes a problem as an annotation on its file and line, where it has one, and its details below it in the log. */
export function annotate(problem: Problem, severity: Severity = 'error'): void {
  const { place } = problem;
  const text = formatProblem(problem);
  const properties =
    place === undefined
      ? {}
      : {
          file: place.file,
          ...(place.line === undefined ? {} : { startLine: place.line }),
          ...(place.column === undefined ? {} : { startColumn: place.column }),
          ...(place.endLine === undefined ? {} : { endLine: place.endLine }),
        };
  if (severity === 'error') core.error(text, properties);
  else if (severity === 'warning') core.warning(text, properties);
  else core.notice(text, properties);
  for (const line of problem.details ?? []) info(`    ${line}`);
  if (problem.cause instanceof Error) core.debug(problem.cause.stack ?? problem.cause.message);
}

/** Folds what `body` logs under a title. */
export function group<T>(title: string, body: () => Promise<T>): Promise<T> {
  return core.group(title, body);
}

/** Appends Markdown to the job summary; does nothing where the runner keeps none. */
export async function summarize(markdown: string): Promise<void> {
  const file = process.env.GITHUB_STEP_SUMMARY;
  if (file !== undefined && file !== '') appendFileSync(file, `${markdown.trimEnd()}\n\n`);
}
