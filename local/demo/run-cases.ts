/** Takes the example fleet through the cases, tells what happens, and compares what came of it with what had to. */

import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { table } from '../../src/reports/index.ts';
import { aligned } from '../aligned.ts';
import { projectRoot } from '../processes/index.ts';
import { type FinishedRun, startWorld, type World, type WorldOptions } from '../world/index.ts';
import { type Case, type Digests, images, words } from './cases.ts';
import { type Observation, observe } from './observe.ts';

interface Result {
  readonly case: Case;
  readonly seen: Observation;
  readonly faults: readonly string[];
}

const began = Date.now();

function say(line: string): void {
  console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${line}`);
}

/** Runs the cases in their order in a new world. Sets exit status 1 when a figure is off. */
export async function runCases(
  title: string,
  cases: readonly Case[],
  options: Pick<WorldOptions, 'execute'> = {},
): Promise<void> {
  const world = await startWorld({
    ...options,
    pods: true,
    log: say,
    onEvent: ({ name, repository, ref, sha }) =>
      say(`  ${name} ${repository} ${ref.replace(/^refs\/heads\//, '')} ${sha.slice(0, 7)}`),
    onRun: sayRun,
  });
  say(`engine: ${world.engine.description}`);
  const results: Result[] = [];
  const history: Record<string, Digests> = {};
  let asked = (await world.registry.requests()).length;
  for (const next of cases) {
    say(`(${next.letter}) ${next.title}`);
    const before = await digests(world);
    history[next.letter] = before;
    const start = Date.now();
    await next.act(world);
    const finished = await world.settled();
    const requests = await world.registry.requests();
    const seen = observe(finished, requests.slice(asked), (Date.now() - start) / 1000);
    asked = requests.length;
    const judged = next.judge({ seen, before, after: await digests(world), history });
    const faults = [...judged, ...((await next.look?.(world)) ?? [])];
    for (const fault of faults) say(`  WRONG: ${fault}`);
    if (faults.length > 0) showLogs(finished);
    await keepSummaries(next, finished);
    results.push({ case: next, seen, faults });
  }
  const violations = world.github.violations;
  for (const violation of violations) say(`WRONG: ${violation}`);
  await report(title, results);
  const failed = results.filter(({ faults }) => faults.length > 0).length + (violations.length > 0 ? 1 : 0);
  console.log(`\n${results.length - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

/** Digest of each image's main tag, asked of the registry itself. */
async function digests({ registry }: World): Promise<Digests> {
  const entries = await Promise.all(
    images.map(async (image) => {
      const answer = await fetch(`http://${registry.host}/v2/acme/${image}/manifests/latest`, {
        method: 'HEAD',
        headers: {
          accept:
            'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json',
        },
      });
      return [image, answer.headers.get('docker-content-digest') ?? undefined] as const;
    }),
  );
  return Object.fromEntries(entries);
}

function sayRun(finished: FinishedRun): void {
  const { run, event } = finished;
  const { builds, tests, published, errors } = observe([finished], [], 0);
  const parts = [
    builds.length > 0 ? `built ${words(builds)}` : '',
    tests.length > 0 ? `tested ${words(tests)}` : '',
    published.length > 0 ? `published ${words(published)}` : '',
  ].filter((part) => part !== '');
  const seconds = run.jobs.flatMap((job) => job.steps).reduce((sum, step) => sum + step.durationMs, 0) / 1000;
  say(
    `  ${run.conclusion === 'success' ? '✓' : '✗'} ${event.repository} run ${run.id}: ${parts.join(', ') || 'nothing to do'} (${seconds.toFixed(1)} s)`,
  );
  for (const error of errors) say(`      ${error}`);
}

/** What a person would look at on GitHub when a figure is off. */
function showLogs(finished: readonly FinishedRun[]): void {
  for (const { run, event } of finished) {
    for (const job of run.jobs) {
      for (const step of job.steps) {
        console.log(`--- ${event.repository} run ${run.id} (${event.name}), ${step.name}: ${step.outcome}`);
        console.log(step.log.split('\n').slice(-40).join('\n'));
      }
    }
  }
}

/** The job summaries, as GitHub would show them on the page of each run: for whoever wants to look. */
async function keepSummaries({ letter }: Case, finished: readonly FinishedRun[]): Promise<void> {
  const folder = join(projectRoot(), '.cache', 'demo', 'summaries');
  await mkdir(folder, { recursive: true });
  for (const { run } of finished) {
    const text = run.jobs.flatMap((job) => job.steps.map((step) => step.summary)).join('');
    const name = `${letter.replace('′', '2')}-${run.id}-${run.repository.replace('/', '-')}.md`;
    if (text !== '') await writeFile(join(folder, name), text);
  }
}

async function report(title: string, results: readonly Result[]): Promise<void> {
  const headers = ['', 'Case', 'Builds', 'Tests', 'Published', 'Dispatches', 'Layers pulled', 'Time', ''];
  const rows = results.map(({ case: { letter, title }, seen, faults }) => [
    letter,
    title,
    count(seen.builds),
    count(seen.tests),
    count(seen.published),
    count(seen.dispatches.map((name) => name.replace(/^acme\//, ''))),
    String(seen.pulls),
    `${seen.seconds.toFixed(1)} s`,
    faults.length === 0 ? 'as expected' : faults.join('; '),
  ]);
  console.log(`\n${aligned([headers, ...rows])}`);
  const folder = join(projectRoot(), '.cache', 'demo');
  await mkdir(folder, { recursive: true });
  const file = process.env.GITHUB_STEP_SUMMARY || join(folder, 'summary.md');
  await appendFile(file, `## ${title}\n\n${table(headers, rows)}\n\n`);
}

function count(names: readonly string[]): string {
  if (names.length === 0) return '0';
  return names.join() === [...images].sort().join() ? `${names.length}: each` : `${names.length}: ${names.join(', ')}`;
}
