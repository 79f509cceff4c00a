/**
 * `npm run checks:oracle`: files of container-structure-test, given to that tool and to the suite's own checks, on the
 * same image and the same engine: every test has to have the same verdict.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bench, setUp } from './checks/set-up.ts';
import { structureTestFiles, type Test } from './checks/structure-tests.ts';
import { main, projectRoot } from './processes/index.ts';

const log = (line: string): void => console.log(line);
const tool = join(projectRoot(), '.cache', 'tools', 'structure-tests', 'bin', 'container-structure-test');

/** What the tool calls the tests of each list, in the order in which the suite runs them. */
const kinds: Readonly<Record<string, string>> = {
  commandTests: 'Command Test: ',
  fileExistenceTests: 'File Existence Test: ',
  fileContentTests: 'File Content Test: ',
  licenseTests: 'License Test',
  metadataTest: 'Metadata Test',
};

await main(async () => {
  if (!existsSync(tool)) {
    log(`SKIPPED: container-structure-test is not there; run .ci/tools`);
    if (process.env.IMAGE_CASCADE_REQUIRE_TOOLS !== undefined) process.exitCode = 1;
    return;
  }
  const bench = await setUp(log);
  const reference = bench.built.record.images.find(({ name }) => name === 'service')?.image?.reference ?? '';
  let [passed, failed] = [0, 0];
  for (const [index, file] of structureTestFiles.entries()) {
    const folder = `structure-${index}`;
    await mkdir(join(bench.folder, folder), { recursive: true });
    const text = JSON.stringify(file, null, 2).replaceAll('FOLDER', join(bench.folder, folder));
    await writeFile(join(bench.folder, folder, 'tests.yaml'), `${text}\n`);
    await writeFile(join(bench.folder, folder, 'variables'), 'A=1\n');
    const [theirs, own] = [await theirVerdicts(bench, reference, folder), await ownVerdicts(bench, folder, file)];
    for (const name of new Set([...theirs.keys(), ...own.keys()])) {
      const [one, other] = [theirs.get(name), own.get(name)];
      if (one !== undefined && one.passed === other?.passed) passed += 1;
      else {
        failed += 1;
        log(`✗ ${folder}, ${name}: ${JSON.stringify(one)} there, ${JSON.stringify(other)} here`);
      }
    }
  }
  log(`${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
});

interface Verdict {
  readonly passed: boolean;
  readonly why: string;
}

/** By the tool's own name of the test. */
async function theirVerdicts(
  { engine, folder }: Bench,
  reference: string,
  tests: string,
): Promise<Map<string, Verdict>> {
  const report = join(folder, tests, 'report.json');
  const config = join(folder, tests, 'tests.yaml');
  const args = ['test', '--image', reference, '--config', config, '--output', 'json', '--test-report', report];
  const { stderr } = await engine.processes.run(tool, args, { env: engine.env, cwd: join(folder, tests) });
  let told: { Results?: readonly { Name: string; Pass: boolean; Errors?: readonly string[] }[] };
  try {
    told = JSON.parse(await readFile(report, 'utf8'));
  } catch (error) {
    throw new Error(`container-structure-test writes no report: ${String(error)}: ${stderr}`);
  }
  const results = told.Results ?? [];
  return new Map(results.map(({ Name, Pass, Errors = [] }) => [Name, { passed: Pass, why: Errors.join('; ') }]));
}

async function ownVerdicts(bench: Bench, tests: string, file: Test): Promise<Map<string, Verdict>> {
  const { record, problems } = await bench.test('service', tests);
  const image = record.images.find(({ name }) => name === 'service');
  if (image === undefined || image.checks.length === 0)
    throw new Error(`no check was done: ${image?.reason}; ${problems.map(({ message }) => message).join('; ')}`);
  const names = Object.entries(kinds).flatMap(([key, prefix]) =>
    [file[key] ?? []].flat().map((test: { name?: string }) => `${prefix}${test.name ?? ''}`),
  );
  return new Map(
    image.checks.map(({ status, message = '' }, index) => [
      names[index] ?? '',
      { passed: status === 'passed', why: message },
    ]),
  );
}
