/** `npm run e2e:faults`: kills the push at points by chance, and provokes every error that a user can meet. */
import { provideBaseImage } from './base-image/index.ts';
import { startEngine } from './engine/index.ts';
import { provokeErrors } from './faults/bad-input.ts';
import { killPushes } from './faults/kills.ts';
import { usePrivateRegistry } from './faults/private-registry.ts';
import { startProxy } from './faults/proxy.ts';
import { main, projectRoot } from './processes/index.ts';
import { startRegistry } from './registry/server.ts';

const rounds = Number(process.env.ROUNDS ?? 12);
const log = (line: string): void => console.log(line);

await main(async () => {
  const engine = await startEngine({ log });
  const open = await startRegistry({ log });
  const closed = await startRegistry({ log, auth: { username: 'robot', password: 'correct-horse-battery' } });
  const proxy = await startProxy(open.host);
  const base = await provideBaseImage(open, { log });
  const environment = {
    HOME: process.env.HOME ?? '/root',
    LANG: 'C.UTF-8',
    ...engine.env,
    PATH: `${projectRoot()}/node_modules/node/bin:${engine.env.PATH ?? process.env.PATH ?? ''}`,
  };

  log('\nErrors');
  const credentials = { host: closed.host, username: 'robot', password: 'correct-horse-battery' };
  const provoked = await provokeErrors({ environment, open: open.host, closed: credentials, base, log });

  log('\nA private registry');
  const secluded = await usePrivateRegistry(closed, environment, log);

  log('\nPushes that are killed');
  const throughProxy = base.replace(open.host, proxy.host);
  const killed = await killPushes({ environment, proxy, base: throughProxy, rounds, log });
  log(`${killed.kills} pushes killed; after ${killed.remembered} of them the registry remembered the build`);

  const faults = [...provoked.faults, ...secluded.faults, ...killed.faults];
  for (const fault of faults) log(`WRONG: ${fault}`);
  log(`\n${provoked.provoked + secluded.tried + killed.kills - faults.length} passed, ${faults.length} failed`);
  if (faults.length > 0) process.exitCode = 1;
});
