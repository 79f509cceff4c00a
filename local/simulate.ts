/**
 * `npm run simulate`: thousands of cascades on a simulated clock, decided by the suite's own planner and decision code,
 * with everything going wrong that can. Prints what came of them beside what is promised, and fails where it is missed.
 *
 *     npm run simulate -- [RUNS [FIRST SEED]]
 */
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { main } from './processes/index.ts';
import { diamondRows, rowsOf, table } from './simulate/report.ts';
import { describeScenario } from './simulate/scenarios.ts';
import { describeFleet, shrink } from './simulate/shrink.ts';
import { simulate } from './simulate/simulation.ts';
import { failuresOf, judge, type Order, scenarioOf, type Verdict } from './simulate/verdicts.ts';

/** Scenarios that a thread is given at a time. */
const chunk = 25;
/** Failures that are looked into. */
const mostShown = 3;

if (isMainThread) await main(run);
else
  parentPort?.on('message', async (orders: readonly Order[]) => {
    const verdicts: Verdict[] = [];
    for (const order of orders) verdicts.push(await judge(order));
    parentPort?.postMessage(verdicts);
  });

async function run(): Promise<void> {
  const runs = Number(process.argv[2] ?? 10_000);
  const first = Number(process.argv[3] ?? 1);
  const started = performance.now();
  const verdicts = await judgeAll([...(runs < 1_000 ? [] : largeOrders(first)), ...manyOrders(runs, first)]);
  const rows = [...rowsOf(verdicts), ...(await diamondRows())];
  const seconds = (performance.now() - started) / 1000;
  const builds = verdicts.reduce((sum, verdict) => sum + verdict.builds, 0);
  console.log(`${verdicts.length} cascades, ${builds} builds, in ${seconds.toFixed(0)} s (seeds from ${first})\n`);
  console.log(table(rows));
  for (const { order } of verdicts.filter(({ failures }) => failures.length > 0).slice(0, mostShown))
    await explain(order);
  const missed = rows.filter(({ isMet }) => isMet === false);
  if (missed.length > 0) throw new Error(`missed: ${missed.map(({ what }) => what).join('; ')}`);
}

/** Each kind of fleet at the largest that is done in seconds: every job of a chain looks at all of it. */
function largeOrders(first: number): Order[] {
  const wishes = [
    { shape: 'fan', size: 10_000, runners: 20 },
    { shape: 'tree', size: 10_000, runners: 20 },
    { shape: 'layers', size: 1_000, runners: 20 },
    { shape: 'diamonds', size: 300, runners: 20 },
    { shape: 'chain', size: 300, runners: 20 },
    { shape: 'repositories', size: 300, runners: 20 },
  ] as const;
  return wishes.flatMap((wish, index) => [
    { kind: 'calm', seed: first + index, wish },
    { kind: 'faulty', seed: first + index, wish },
  ]);
}

function manyOrders(runs: number, first: number): Order[] {
  const calm = Array.from(
    { length: Math.ceil(runs / 5) },
    (_, index): Order => ({ kind: 'calm', seed: first + index }),
  );
  const faulty = Array.from({ length: runs }, (_, index): Order => ({ kind: 'faulty', seed: first + index }));
  return [...calm, ...faulty];
}

/** On all processors. */
async function judgeAll(orders: readonly Order[]): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  // The large ones one by one, so that none of them is the last to end.
  const open = [...orders];
  const take = (): Order[] => open.splice(0, open[0]?.wish === undefined ? chunk : 1);
  const [, launched = ''] = process.argv;
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(launched);
      const next = (): void => {
        const some = take();
        if (some.length > 0) worker.postMessage(some);
        else worker.terminate().then(() => resolve(), reject);
      };
      worker.on('message', (found: readonly Verdict[]) => {
        verdicts.push(...found);
        next();
      });
      worker.on('error', reject);
      next();
    });
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return verdicts;
}

/** The smallest fleet that shows what went wrong. */
async function explain(order: Order): Promise<void> {
  const isCalm = order.kind === 'calm';
  const scenario = scenarioOf(order);
  const failures = failuresOf(await simulate(scenario), isCalm);
  const smallest = await shrink(scenario, async (candidate) => {
    const found = failuresOf(await simulate(candidate), isCalm);
    return failures.some((failure) => found.includes(failure));
  });
  console.log(`\n${failures.join(', ')}: ${describeScenario(scenario)}`);
  console.log(`the smallest that does: ${describeScenario(smallest)}\n${describeFleet(smallest.plain)}`);
}
