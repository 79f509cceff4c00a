/** The run folder: where the steps of a job leave what the later ones need. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Records } from '../images/records.ts';
import { fail } from '../problems.ts';

/** `$RUNNER_TEMP/image-cascade`, emptied by the runner after each job. */
export function runFolder(): string {
  return join(process.env.RUNNER_TEMP ?? tmpdir(), 'image-cascade');
}

/** The record of an earlier step; `undefined` when that step did not run. */
export async function findRecord<Step extends keyof Records>(step: Step): Promise<Records[Step] | undefined> {
  const file = join(runFolder(), `${step}.json`);
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  // Only the suite writes this file, inside the runner's own temporary folder.
  const record: Records[Step] = JSON.parse(content);
  return record;
}

/** @throws ProblemsError when that step did not run */
export async function readRecord<Step extends keyof Records>(step: Step): Promise<Records[Step]> {
  const action = step === 'spec' || step === 'integration' ? `test (phase: ${step})` : step;
  return (
    (await findRecord(step)) ??
    fail(`this job has not run '${action}' successfully`, { hint: `add a step that runs '${action}' before this one` })
  );
}

export async function writeRecord<Step extends keyof Records>(step: Step, record: Records[Step]): Promise<void> {
  const folder = runFolder();
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${step}.json`);
  // A step that is killed while it writes must not leave half a record to the next.
  writeFileSync(`${file}.new`, JSON.stringify(record, null, 2));
  renameSync(`${file}.new`, file);
}

/** Forgets what earlier steps of the job left: a run begins. */
export function startRun(): void {
  const steps: readonly (keyof Records)[] = ['render', 'spec', 'build', 'integration', 'push'];
  const files = steps.map((step) => join(runFolder(), `${step}.json`));
  for (const file of files) if (existsSync(file)) rmSync(file);
}
