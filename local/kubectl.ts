/**
 * `npm run e2e:kubectl`: pods in a real cluster. Kubernetes is built from its Go modules the first time. The cases are the
 * folders of `cluster/cases`.
 */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Processes } from '../src/processes.ts';
import { createProcesses } from '../src/runner/index.ts';
import { type Expected, outcomeWrong } from './checks/outcome.ts';
import { type Bench, setUp } from './checks/set-up.ts';
import { provideKubernetes } from './cluster/programs.ts';
import { pauseImage } from './cluster/settings.ts';
import { startCluster } from './cluster/start.ts';
import { main, projectRoot, runOk, temporaryFolder, untilTrue } from './processes/index.ts';

const log = (line: string): void => console.log(line);

const cases: readonly (readonly [folder: string, expected: Expected])[] = [
  ['ready', 'all pass'],
  ['pulled', 'all pass'],
  ['refused', 'all fail'],
];

await main(async () => {
  const programs = await provideKubernetes(log);
  if (programs === undefined) {
    log('SKIPPED: Kubernetes is not built yet, and there is no Go to build it with');
    if (process.env.IMAGE_CASCADE_REQUIRE_TOOLS !== undefined) process.exitCode = 1;
    return;
  }
  const cluster = await startCluster(programs, log);
  // As an earlier step of a job leaves it to those that follow.
  Object.assign(process.env, cluster.env);
  const bench = await setUp(log);
  await bringPauseImage(bench);

  let [passed, failed] = [0, 0];
  const verdict = (what: string, wrong: readonly string[]): void => {
    if (wrong.length === 0) passed += 1;
    else failed += 1;
    log(`${wrong.length === 0 ? '✓' : '✗'} ${what}${wrong.map((line) => `\n    ${line}`).join('')}`);
  };
  await cp(join(projectRoot(), 'local', 'cluster', 'cases'), join(bench.folder, 'cases'), { recursive: true });
  await fillIn(join(bench.folder, 'cases', 'pulled', 'tests.yaml'), bench.images[0]?.mainReference ?? '');
  for (const [name, expected] of cases) {
    const begun = performance.now();
    const tested = await bench.test('service', `cases/${name}`);
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    verdict(`${name}: ${expected}, in ${seconds} s`, outcomeWrong(tested, 'service', expected, log));
    verdict(`${name}: its namespaces go`, await staying());
  }
  verdict('a cancelled run leaves nothing', await cancelled(bench));
  log(`${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
});

/** Names of the namespaces of pods that are there. */
async function namespaces(): Promise<string[]> {
  const selected = ['--selector', 'app.kubernetes.io/managed-by=image-cascade', '--output', 'name'];
  return (await runOk('kubectl', ['get', 'namespaces', ...selected])).stdout.split('\n').filter((line) => line !== '');
}

/** Those that are still there after the cluster had time to remove them. */
async function staying(): Promise<string[]> {
  const gone = async (): Promise<boolean> => (await namespaces()).length === 0;
  return await untilTrue(gone, { what: 'the namespaces to go', timeoutMs: 60_000, intervalMs: 500 }).then(
    () => [],
    () => namespaces(),
  );
}

/** A run that is cancelled while it waits for a pod which never gets ready. */
async function cancelled(bench: Bench): Promise<string[]> {
  const stop = new AbortController();
  const works: ((processes: Processes) => Promise<void>)[] = [];
  await writeFile(
    join(bench.folder, 'cases', 'refused', 'tests.yaml'),
    "checks: [{ pod: { file: unready.yaml, with: kubectl, load: [ctr, images, import, '{archive}'] } }]\n",
  );
  const cleanup = (work: (processes: Processes) => Promise<void>): number => works.push(work);
  const run = bench.test('service', 'cases/refused', { signal: stop.signal, cleanup }).then(
    () => ['it went on'],
    () => [],
  );
  const begun = async (): Promise<boolean> => (await namespaces()).length > 0;
  await untilTrue(begun, { what: 'a pod to be begun', timeoutMs: 60_000, intervalMs: 300 });
  stop.abort();
  const wrong = await run;
  for (const work of works) await work(createProcesses());
  return [...wrong, ...(await staying())];
}

async function fillIn(file: string, published: string): Promise<void> {
  await writeFile(file, (await readFile(file, 'utf8')).replaceAll('PUBLISHED', published));
}

/** What every pod begins with is made of the tested image: a process that does nothing is all that it needs. */
async function bringPauseImage({ engine, built }: Bench): Promise<void> {
  const reference = built.record.images.find(({ name }) => name === 'service')?.image?.reference ?? '';
  const options = { env: engine.env };
  const container = (await runOk('docker', ['create', reference], options)).stdout.trim();
  const change = ['--change', 'ENTRYPOINT ["sleep", "infinity"]', '--change', 'CMD []'];
  await runOk('docker', ['commit', ...change, container, pauseImage], options);
  const folder = await temporaryFolder('image-cascade-pause-');
  const archive = join(folder.path, 'pause.tar');
  await runOk('docker', ['image', 'save', '--output', archive, pauseImage], options);
  await runOk('ctr', ['images', 'import', archive]);
  await runOk('docker', ['rm', container], options);
  await runOk('docker', ['image', 'rm', pauseImage], options);
  await folder.remove();
}
