/**
 * `npm run goss:oracle`: gossfiles, given to goss 0.4.9 inside of a container, as `dgoss` does it, and to the suite's
 * own checks outside of one like it: every resource has to have the same verdict. The cases are the files of
 * `goss-oracle/cases`, and those that goss tests itself with.
 */
import { existsSync } from 'node:fs';
import { cp, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatProblem } from '../src/problems.ts';
import { makeCertificates } from './checks/certificates.ts';
import { type Bench, setUp } from './checks/set-up.ts';
import { refused } from './goss-oracle/refused.ts';
import { main, onExit, projectRoot } from './processes/index.ts';

const log = (line: string): void => console.log(line);
const tools = join(projectRoot(), '.cache', 'tools');
const goss = join(tools, 'bin', 'goss');
/** The containers that are looked at, and how they are started. */
const service = { image: 'service', command: ['sh', '/fixture/start.sh'], env: { GREETING: 'hello' } };
const bare = { image: 'bare', command: [], env: {} };
type Tried = typeof service | typeof bare;

await main(async () => {
  if (!existsSync(goss)) {
    log('SKIPPED: goss is not there; run .ci/tools');
    if (process.env.IMAGE_CASCADE_REQUIRE_TOOLS !== undefined) process.exitCode = 1;
    return;
  }
  const bench = await setUp(log);
  const folder = join(bench.folder, 'goss');
  const source = join(projectRoot(), 'local', 'goss-oracle');
  await cp(join(source, 'cases'), folder, { recursive: true });
  await cp(join(source, 'fixture'), join(folder, 'fixture'), { recursive: true });
  await cp(join(tools, 'goss'), join(folder, 'service'), { recursive: true });
  await makeCertificates(join(folder, 'fixture'));

  let [passed, failed] = [0, 0];
  const verdict = (alike: boolean, what: string): void => {
    if (alike) passed += 1;
    else {
      failed += 1;
      log(`✗ ${what}`);
    }
  };
  for (const tried of [service, bare]) {
    const container = await startTheirs(bench, folder, tried);
    const names = await readdir(join(folder, tried.image));
    for (const file of names.filter((name) => /\.yaml$/.test(name) && !name.startsWith('goss_')).sort()) {
      const begun = performance.now();
      const theirs = await theirVerdicts(bench, container, file);
      const own = await ownVerdicts(bench, folder, tried, file);
      for (const name of new Set([...theirs.keys(), ...own.keys()])) {
        const [one, other] = [theirs.get(name), own.get(name)];
        const what = `${tried.image}/${file}, ${name}: ${JSON.stringify(one)} there, ${JSON.stringify(other)} here`;
        verdict(one !== undefined && one.verdict === other?.verdict, what);
      }
      const count = (wanted: string): number => [...theirs.values()].filter((one) => one.verdict === wanted).length;
      const counts = ['passed', 'failed', 'skipped'].map((wanted) => `${count(wanted)} ${wanted}`).join(', ');
      log(`${tried.image}/${file}: goss says ${counts}, in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    }
    if (tried === bare) continue;
    for (const text of refused) {
      await writeFile(join(folder, 'service', 'refused.yaml'), `${text}\n`);
      const copy = ['cp', join(folder, 'service', 'refused.yaml'), `${container}:/goss/`];
      await bench.engine.processes.run('docker', copy, { env: bench.engine.env });
      const { status } = await validate(bench, container, 'refused.yaml');
      const { problems, record } = await testOwn(bench, folder, tried, 'refused.yaml');
      const started = (record.images.find(({ name }) => name === tried.image)?.checks ?? []).length > 0;
      verdict(
        status !== 0 && problems.length > 0 && !started,
        `${text}: goss ends with ${status}; here ${started ? 'it was started' : 'it was not started'}`,
      );
      // Shown, so that what people get to read can be read.
      for (const problem of problems) log(`    ${formatProblem(problem)}`);
    }
  }
  log(`${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
});

interface Verdict {
  readonly verdict: string;
  readonly why: string;
}

/** A container with goss and the files in it; @returns its id when all that is waited for is there. */
async function startTheirs({ engine, built }: Bench, folder: string, tried: Tried): Promise<string> {
  const image = built.record.images.find(({ name }) => name === tried.image)?.image?.reference ?? '';
  const docker = async (...args: string[]): Promise<string> => {
    const { status, stdout, stderr } = await engine.processes.run('docker', args, { env: engine.env });
    if (status !== 0) throw new Error(`docker ${args.join(' ')}: ${stderr}`);
    return stdout.trim();
  };
  const variables = Object.entries(tried.env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const mount = ['--volume', `${join(folder, 'fixture')}:/fixture:ro`];
  const container = await docker('run', '--detach', ...variables, ...mount, image, ...tried.command);
  onExit(async () => {
    await docker('rm', '--force', container);
  });
  await docker('cp', join(folder, tried.image), `${container}:/goss`);
  await docker('cp', goss, `${container}:/goss/goss`);
  await docker('exec', container, '/goss/goss', '-g', '/goss/goss_wait.yaml', 'validate', '-r', '30s', '-s', '200ms');
  return container;
}

function validate({ engine }: Bench, container: string, file: string) {
  const goss = ['/goss/goss', '-g', `/goss/${file}`, '--vars', '/goss/goss_vars.yaml', 'validate', '--format', 'json'];
  return engine.processes.run('docker', ['exec', container, ...goss], { env: engine.env });
}

/** By type and id. */
async function theirVerdicts(bench: Bench, container: string, file: string): Promise<Map<string, Verdict>> {
  const { stdout, stderr } = await validate(bench, container, file);
  interface Result {
    readonly 'resource-type': string;
    readonly 'resource-id': string;
    readonly result: number;
    readonly title: string;
    readonly 'summary-line-compact': string;
  }
  let told: { readonly results: readonly Result[] };
  try {
    told = JSON.parse(stdout);
  } catch (error) {
    throw new Error(`goss tells nothing of ${file}: ${String(error)}: ${stdout}${stderr}`);
  }
  const groups = Map.groupBy(told.results, (result) =>
    result.title === '' ? keyOf(result['resource-type'], result['resource-id']) : result.title,
  );
  const verdicts = [...groups].map(([name, results]): [string, Verdict] => {
    const failed = results.filter(({ result }) => result === 1);
    const skipped = results.every(({ result }) => result === 2);
    const why = failed.map((result) => result['summary-line-compact']).join('; ');
    return [name, { verdict: failed.length > 0 ? 'failed' : skipped ? 'skipped' : 'passed', why }];
  });
  return new Map(verdicts);
}

function keyOf(type: string, id: string): string {
  return `${type.toLowerCase().replace('-', '')} ${id}`;
}

async function testOwn(bench: Bench, folder: string, { image, env, command }: Tried, file: string) {
  const start = {
    env,
    ...(command.length > 0 ? { command } : {}),
    mounts: [{ source: 'fixture', target: '/fixture' }],
  };
  await writeFile(join(folder, 'tests.yaml'), JSON.stringify({ start, include: [{ goss: `${image}/${file}` }] }));
  return await bench.test(image, 'goss');
}

async function ownVerdicts(bench: Bench, folder: string, tried: Tried, file: string): Promise<Map<string, Verdict>> {
  const { record, problems } = await testOwn(bench, folder, tried, file);
  const checks = record.images.find(({ name }) => name === tried.image)?.checks ?? [];
  const [up, ...rest] = checks;
  if (up?.status !== 'passed')
    throw new Error(
      `nothing was checked for ${file}: ${up?.message}; ${problems.map(({ message }) => message).join('; ')}`,
    );
  return new Map(
    rest.map(({ title, status, message = '' }) => {
      const [, type = '', id = ''] = /^(\S+) (.*)$/s.exec(title) ?? [];
      return [keyOf(type, id), { verdict: status, why: message }];
    }),
  );
}
