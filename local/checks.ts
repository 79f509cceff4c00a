/**
 * `npm run e2e:checks`: the build, and every kind of check passing and failing, on a real engine and a real registry.
 * The cases are the folders of `checks/cases`.
 */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../src/engine/index.ts';
import { makeCertificates } from './checks/certificates.ts';
import { type Expected, outcomeWrong } from './checks/outcome.ts';
import { type Bench, setUp } from './checks/set-up.ts';
import { main, projectRoot } from './processes/index.ts';

const log = (line: string): void => console.log(line);

const cases: readonly (readonly [folder: string, image: string, expected: Expected])[] = [
  ['right', 'service', 'all pass'],
  ['wrong', 'service', 'all fail'],
  ['together', 'service', 'all pass'],
  ['secure', 'service', 'all pass'],
  ['insecure', 'service', 'all fail'],
  ['configured', 'service', 'all pass'],
  ['misconfigured', 'service', 'all fail'],
  ['documented', 'service', 'all pass'],
  ['undocumented', 'service', 'all fail'],
  ['podded', 'service', 'all pass'],
  ['unready', 'service', 'all fail'],
  ['unchanged', 'service', 'all pass'],
  ['regressed', 'service', 'all fail'],
  ['lonely', 'service', 'not up'],
  ['stops', 'service', 'not up'],
  ['never', 'service', 'not up'],
  ['still', 'empty', 'all pass'],
];

await main(async () => {
  const { engine, folder, built, test } = await setUp(log);
  let [passed, failed] = [0, 0];
  const verdict = (what: string, wrong: readonly string[]): void => {
    if (wrong.length === 0) passed += 1;
    else failed += 1;
    log(`${wrong.length === 0 ? '✓' : '✗'} ${what}${wrong.map((line) => `\n    ${line}`).join('')}`);
  };
  verdict('the build takes along what it can, and names the line that failed', builtWrong(built));

  await cp(join(projectRoot(), 'local', 'checks', 'cases'), join(folder, 'cases'), { recursive: true });
  for (const name of ['secure', 'insecure']) await makeCertificates(join(folder, 'cases', name));
  for (const [name, image, expected] of cases) {
    const begun = performance.now();
    const tested = await test(image, `cases/${name}`);
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    verdict(`${name}: ${expected}, in ${seconds} s`, outcomeWrong(tested, image, expected, log));
  }
  verdict('nothing is left', await leftovers(engine));
  log(`${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
});

function builtWrong({ record, problems }: Bench['built']): string[] {
  const statuses = record.images.map(({ name, status }) => `${name} ${status}`).join(', ');
  const place = JSON.stringify(problems[0]?.place);
  return [
    ...(statuses === 'service built, older built, failing failed, on-failing skipped, bare built, empty built'
      ? []
      : [statuses]),
    ...(place === JSON.stringify({ file: 'docker/failing/Dockerfile.j2', line: 3 })
      ? []
      : [`the problem is at ${place}`]),
  ];
}

async function leftovers({ processes, env }: Engine): Promise<string[]> {
  const filter = ['--filter', 'label=io.image-cascade.run', '--quiet'];
  const lists = await Promise.all([
    processes.run('docker', ['ps', '--all', ...filter], { env }),
    processes.run('docker', ['network', 'ls', ...filter], { env }),
  ]);
  return lists.flatMap(({ stdout }) => (stdout.trim() === '' ? [] : [stdout.trim()]));
}
