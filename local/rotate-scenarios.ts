/**
 * `npm run e2e:rotate`: rotations of real registries, one without and one with the API for referrers, with signatures of
 * cosign, referrers of oras and provenance of buildx. After each, everything that has a tag is pulled completely by
 * crane, and another rotation has to find nothing to do.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startEngine } from './engine/index.ts';
import { main, runOk, temporaryFolder } from './processes/index.ts';
import { belongings } from './rotate-scenarios/belongings.ts';
import { going, rotateAsProcess } from './rotate-scenarios/going.ts';
import type { Scenario } from './rotate-scenarios/scenario.ts';
import { type ScenarioRegistry, startRegistries } from './rotate-scenarios/start-registries.ts';
import { staying } from './rotate-scenarios/staying.ts';
import { provideScenarioTools, type Tools } from './rotate-scenarios/tools.ts';
import { createWorld, pullEverything } from './rotate-scenarios/world.ts';

const scenarios: readonly Scenario[] = [...belongings, ...staying, ...going];
const log = (line: string): void => console.log(line);

/** A build for two platforms, with its provenance, on the first registry: `registry/path@digest`. */
async function buildAttested(registry: ScenarioRegistry, tools: Tools, folder: string): Promise<string> {
  const engine = await startEngine({ log });
  const env = { ...process.env, ...engine.env };
  await writeFile(join(folder, 'Dockerfile'), 'FROM scratch\nCOPY content /\n');
  await writeFile(join(folder, 'content'), 'attested');
  const repository = `${registry.host}/attested/web`;
  const platforms = ['--platform', 'linux/amd64,linux/arm64'];
  const target = ['--provenance=mode=max', '--tag', `${repository}:latest`, '--push', folder];
  await runOk('docker', ['buildx', 'build', '--progress=plain', ...platforms, ...target], { env, timeoutMs: 300_000 });
  return `${repository}@${await tools.use('crane', ['digest', `${repository}:latest`])}`;
}

async function playAll(only: string | undefined): Promise<void> {
  const tools = await provideScenarioTools(log);
  const registries = await startRegistries(tools, log);
  const [first] = registries;
  if (first === undefined) throw new Error('there is a registry');
  const { path: folder } = await temporaryFolder('image-cascade-rotate-');
  const attested = await buildAttested(first, tools, folder);
  const counts = { passed: 0, failed: 0, pulled: 0 };
  for (const [number, scenario] of scenarios.entries()) {
    if (only !== undefined && !scenario.title.includes(only)) continue;
    for (const server of registries) {
      const own = join(folder, `${server.name}-${number}`);
      await mkdir(own);
      const world = createWorld({ server, tools, folder: own, namespace: `scenario-${number}`, attested });
      if (scenario.only?.(world) === false) continue;
      const began = performance.now();
      const failure = await play(scenario, world, counts).catch((error: unknown) => error ?? 'failed');
      const time = `${((performance.now() - began) / 1000).toFixed(1)} s`;
      if (failure === undefined) counts.passed += 1;
      else counts.failed += 1;
      log(`${failure === undefined ? 'ok  ' : 'FAIL'} ${server.name}: ${scenario.title} (${time})`);
      if (failure !== undefined) log(`     ${failure instanceof Error ? failure.message : String(failure)}`);
    }
  }
  log(`\n${counts.pulled} tags pulled completely after rotations`);
  log(`${counts.passed} passed, ${counts.failed} failed`);
  if (counts.failed > 0 || counts.passed === 0) process.exitCode = 1;
}

async function play(
  scenario: Scenario,
  world: ReturnType<typeof createWorld>,
  counts: { pulled: number },
): Promise<undefined> {
  await scenario.play(world);
  counts.pulled += await pullEverything(world, world.images);
  const { deletions } = await world.rotate();
  const again = deletions.map(({ digest, reason }) => `${digest.slice(0, 19)} (${reason})`);
  if (again.length > 0) throw new Error(`another rotation deletes ${again.join(', ')}`);
  return undefined;
}

await main(async () => {
  const [, , mode, text] = process.argv;
  if (mode === 'rotate' && text !== undefined) await rotateAsProcess(text);
  else await playAll(mode);
});
