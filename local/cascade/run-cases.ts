/** Takes the small fleet through the cases, and compares what came of each with what had to. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Observation, observe } from '../demo/observe.ts';
import { projectRoot } from '../processes/index.ts';
import { type FinishedRun, owner, startWorld, type World } from '../world/index.ts';
import type { Case, Losses } from './cases.ts';
import { topic } from './fleet.ts';
import { unsettled } from './unsettled.ts';

export interface Outcome {
  readonly seen: Observation;
  /** Images that are not up to date, and why. */
  readonly settled: readonly string[];
  /** The parts of the job summaries, one for each step. */
  readonly summaries: readonly string[];
  readonly warnings: readonly string[];
}

const began = Date.now();

function say(line: string): void {
  console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${line}`);
}

/** Runs the cases in their order. Sets exit status 1 when something is off. */
export async function runCases(cases: readonly Case[]): Promise<void> {
  const losses: Losses = new Set();
  const world = await startWorld({
    log: say,
    fleet: [`${owner} topic:${topic}`, `${owner}/mixed`],
    loses: ({ name, repository }) => name === 'repository_dispatch' && losses.delete(repository),
    onEvent: ({ name, repository, ref }) => say(`  ${name} ${repository} ${ref.replace(/^refs\/heads\//, '')}`),
    onRun: ({ run }) => say(`  ${run.conclusion === 'success' ? '✓' : '✗'} ${run.repository} run ${run.id}`),
  });
  let failed = 0;
  for (const [index, next] of cases.entries()) {
    const start = Date.now();
    say(`(${index + 1}) ${next.title}`);
    const outcome = await play(next, world, losses);
    const faults = [...next.judge(outcome), ...world.github.violations.splice(0)];
    for (const fault of faults) say(`  WRONG: ${fault}`);
    if (faults.length > 0) failed += 1;
    else say(`  as expected, after ${((Date.now() - start) / 1000).toFixed(1)} s`);
    await keepSummaries(index + 1, outcome);
  }
  console.log(`\n${cases.length - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

async function play(next: Case, world: World, losses: Losses): Promise<Outcome> {
  const earlier = await next.act(world, losses);
  const finished = [...(isFinished(earlier) ? earlier : []), ...(await world.settled())];
  const steps = finished.flatMap(({ run }) => run.jobs.flatMap((job) => job.steps));
  return {
    seen: observe(finished, [], 0),
    settled: await unsettled(world),
    summaries: steps.map(({ summary }) => summary).filter((summary) => summary !== ''),
    warnings: steps.flatMap(({ annotations }) =>
      annotations.filter(({ level }) => level === 'warning').map(({ message }) => message),
    ),
  };
}

/** A case that waits in the middle hands on what ended until then. */
function isFinished(value: unknown): value is FinishedRun[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'object' && entry !== null && 'run' in entry);
}

async function keepSummaries(number: number, { summaries }: Outcome): Promise<void> {
  const folder = join(projectRoot(), '.cache', 'cascade', 'summaries');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${number}.md`), summaries.join('\n\n'));
}
