/** `npm run e2e:act`: the example fleet under act, a runner that nobody here wrote. */
import { join } from 'node:path';
import { actRunner } from './act/execute.ts';
import { cases } from './demo/cases.ts';
import { runCases } from './demo/run-cases.ts';
import { main, projectRoot, run } from './processes/index.ts';

const wanted = ['a', 'b', 'd'];

await main(async () => {
  const act = await findAct();
  if (act === undefined) {
    const message = 'act is not installed: go install github.com/nektos/act@v0.2.89, or put it on the PATH';
    if (process.env.IMAGE_CASCADE_REQUIRE_TOOLS) throw new Error(message);
    console.log(`SKIPPED: ${message}`);
    return;
  }
  const chosen = cases.filter(({ letter }) => wanted.includes(letter));
  await runCases('The example fleet under act', chosen, { execute: actRunner(act) });
});

async function findAct(): Promise<string | undefined> {
  for (const candidate of ['act', join(projectRoot(), '.cache/tools/bin/act')])
    if ((await run(candidate, ['--version'])).status === 0) return candidate;
  return undefined;
}
