/**
 * `npm run bench:plan`: how long the planner takes for a fleet of 100,000 images with 300,000 edges, and how much memory,
 * compared in the same run, alternating, with reading the same fleet from JSON and with walking its graph level by level,
 * which is the least that any planner does. Prints medians, ratios and whether the goals are met; judges nothing, since
 * machines are noisy.
 *
 *     npm run bench:plan -- [IMAGES]
 */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { dependentsAt, upstreamsAt } from '../src/fleet/graph.ts';
import { createGraph, defaultPolicy, plan } from '../src/fleet/index.ts';
import type { FleetImage, FleetState } from '../src/fleet/types.ts';
import { makeFleet, makeState, outside, stateOf } from './bench-plan-data.ts';
import { median } from './median.ts';
import { main } from './processes/index.ts';

const rounds = Number(process.env.ROUNDS ?? 7);
const count = Number(process.argv[2] ?? 100_000);
const [mostMilliseconds, mostMegabytes] = [1_000, 500];

await main(async () => {
  // What the process that measures times leaves behind would count as well.
  if (process.argv[3] === 'memory') return measureMemory();
  const fleet = makeFleet(count);
  const edges = fleet.reduce((sum, { upstreams }) => sum + upstreams.length, 0);
  const settled = makeState(fleet);
  // An upstream outside changed, so all that has it below is to be rebuilt.
  const changed: FleetState = { ...settled, platforms: new Map([...settled.platforms, [outside, stateOf('next')]]) };
  const empty: FleetState = { ...settled, published: new Map(), inputTags: new Map() };
  const json = JSON.stringify(fleet);
  const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MB`;
  console.log(`${count} images, ${edges} edges, ${megabytes(json.length)} as JSON, Node.js ${process.version}`);

  const subjects: readonly { readonly name: string; readonly goal?: number; run(): unknown }[] = [
    { name: 'JSON.parse of the fleet', run: () => JSON.parse(json) },
    { name: 'walk of the graph, level by level', run: () => walkLevels(fleet) },
    { name: 'plan, everything settled', goal: mostMilliseconds, run: () => plan(fleet, settled, 0, defaultPolicy) },
    { name: 'plan, an upstream changed', goal: mostMilliseconds, run: () => plan(fleet, changed, 0, defaultPolicy) },
    { name: 'plan, nothing published', goal: mostMilliseconds, run: () => plan(fleet, empty, 0, defaultPolicy) },
  ];
  const times = subjects.map(() => [] as number[]);
  for (let round = 0; round < rounds; round += 1)
    for (const [index, { run }] of subjects.entries()) {
      const before = performance.now();
      run();
      times[index]?.push(performance.now() - before);
    }
  const base = median(times[0] ?? []);
  for (const [index, { name, goal }] of subjects.entries()) {
    const [first = Number.NaN] = times[index] ?? [];
    const own = median(times[index] ?? []);
    const verdict = goal === undefined ? '' : `, ${verdictOn(Math.max(own, first), goal)} of ${goal} ms`;
    const ratio = `${(own / base).toFixed(2)} times JSON.parse`;
    console.log(`${name}: ${own.toFixed(0)} ms (the first time ${first.toFixed(0)} ms), ${ratio}${verdict}`);
  }
  const [launched = ''] = process.argv.slice(1);
  await promisify(execFile)(process.execPath, [
    `--max-old-space-size=${mostMegabytes - 200}`,
    launched,
    `${count}`,
    'memory',
  ]).then(({ stdout }) => process.stdout.write(stdout));
});

/** Of a process that holds the fleet, its state and the plan, in a heap too small for much garbage. */
function measureMemory(): void {
  const fleet = makeFleet(count);
  plan(fleet, makeState(fleet), 0, defaultPolicy);
  const most = process.resourceUsage().maxRSS / 1024;
  const verdict = `${verdictOn(most, mostMegabytes)} of ${mostMegabytes} MB`;
  console.log(`memory of a process with the fleet, its state and the plan: ${most.toFixed(0)} MB, ${verdict}`);
}

function verdictOn(value: number, goal: number): string {
  return value > goal ? 'misses the goal' : 'within the goal';
}

/** As a scheduler does that waits for a level to complete. */
function walkLevels(fleet: readonly FleetImage[]): number {
  const graph = createGraph(fleet);
  const missing = fleet.map((_, position) => upstreamsAt(graph, position).length);
  let level = missing.flatMap((left, position) => (left === 0 ? [position] : []));
  let levels = 0;
  for (; level.length > 0; levels += 1) {
    const next: number[] = [];
    for (const position of level)
      for (const dependent of dependentsAt(graph, position)) {
        const left = (missing[dependent] ?? 0) - 1;
        missing[dependent] = left;
        if (left === 0) next.push(dependent);
      }
    level = next;
  }
  return levels;
}
