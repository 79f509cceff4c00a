/** The registries that every scenario is played on. */
import { join } from 'node:path';
import { freePort, onExit, startProcess, temporaryFolder, untilTrue } from '../processes/index.ts';
import { startRegistry } from '../registry/server.ts';
import type { Tools } from './tools.ts';

export interface ScenarioRegistry {
  readonly name: string;
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  /** Whether it has the API for referrers; without, clients write lists of them under tags. */
  readonly referrersApi: boolean;
}

export async function startRegistries(tools: Tools, log: (line: string) => void): Promise<ScenarioRegistry[]> {
  const real = await startRegistry({ log });
  return [{ name: 'docker-registry', host: real.host, referrersApi: false }, await startReferrersRegistry(tools, log)];
}

async function startReferrersRegistry(tools: Tools, log: (line: string) => void): Promise<ScenarioRegistry> {
  const host = `127.0.0.1:${await freePort()}`;
  const folder = await temporaryFolder('image-cascade-referrers-');
  const logFile = join(folder.path, 'registry.log');
  const server = await startProcess('referrers-registry', [host], { env: tools.env, logFile });
  onExit(async () => {
    await server.stop();
    await folder.remove();
  });
  await untilTrue(
    async () => {
      if (server.status() !== null) throw new Error(`referrers-registry ended:\n${await server.lastLines(20)}`);
      const answer = await fetch(`http://${host}/v2/`).catch(() => undefined);
      await answer?.body?.cancel();
      return answer?.ok === true;
    },
    { what: `the registry with the referrers API to answer on ${host}` },
  );
  log(`registry with the referrers API on ${host}`);
  return { name: 'go-containerregistry', host, referrersApi: true };
}
