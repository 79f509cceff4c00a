import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, environmentOf, type Machine, provideTools } from '../packages/index.ts';
import { onExit, run, startProcess, untilTrue } from '../processes/index.ts';
import { writeClientConfiguration } from './client.ts';
import { linkIptables, raiseNetwork, workingIptables } from './network.ts';
import { dockerPackages } from './packages.ts';
import { type EngineRecord, makeRecord } from './record.ts';
import type { EngineOptions, LocalEngine } from './start.ts';
import { chooseSubnet, parseRoutes, type Subnet } from './subnet.ts';
import { killContainers, tearDown, tearDownLeftovers } from './teardown.ts';

/** What the engine needs beside Docker's own packages: command → package. */
const TOOLS = { runc: 'runc', iptables: 'iptables', ip: 'iproute2' };

/**
 * Starts Docker's engine from unpacked packages: socket, images and network of its own, nothing shared with another
 * engine on the machine, nothing left when it stops.
 * @throws Error with the end of the engine's log when it does not come up
 */
export async function startPrivateEngine(machine: Machine, options: EngineOptions): Promise<LocalEngine> {
  await tearDownLeftovers(options.log);
  const tools = await provideTools(TOOLS, options);
  const docker = await dockerPackages(machine, 'engine', options);
  const env = await environmentOf([docker], tools.env);
  const iptables = await workingIptables(env);

  const subnet = chooseSubnet(parseRoutes(await readFile('/proc/net/route', 'utf8')), process.pid);
  const record = await makeRecord(cacheFolder(options), env, iptables, subnet.range);
  const stop = onExit(() => tearDown(record));
  try {
    await raiseNetwork(record, subnet.bridge);
    const host = `unix://${join(record.folder, 'docker.sock')}`;
    const configuration = join(record.folder, 'daemon.json');
    await writeFile(configuration, JSON.stringify(daemonConfiguration(record, subnet, host, docker.root), null, 2));
    const clientConfiguration = join(record.folder, 'client');
    await mkdir(clientConfiguration);
    await writeClientConfiguration(clientConfiguration, [join(docker.root, 'usr/libexec/docker/cli-plugins')]);

    const commands = join(record.folder, 'bin');
    await linkIptables(commands, iptables, env);
    const daemon = await startProcess('dockerd', ['--config-file', configuration], {
      env: { ...env, PATH: `${commands}:${env.PATH}` },
      logFile: join(record.folder, 'dockerd.log'),
      graceMs: 20_000,
    });
    // Runs before the engine is asked to stop: cleanups go from the last to the first.
    const endContainers = onExit(() => killContainers(record));
    const clientEnv = { PATH: env.PATH ?? '', DOCKER_HOST: host, DOCKER_CONFIG: clientConfiguration };
    let version = '';
    await untilTrue(
      async () => {
        if (daemon.status() !== null) throw new Error('it ended at once');
        const answer = await run('docker', ['version', '--format', '{{.Server.Version}}'], {
          env: { ...env, ...clientEnv },
        });
        version = answer.stdout.trim();
        return answer.status === 0;
      },
      { what: 'the engine to answer', timeoutMs: 60_000 },
    ).catch(async (error: Error) => {
      throw new Error(
        `the private Docker engine did not start (${error.message}); its log ends:\n${await daemon.lastLines(25)}`,
      );
    });
    return {
      kind: 'private',
      description: `Docker ${version}, private, unpacked in ${docker.root}`,
      env: clientEnv,
      stop: async () => {
        await endContainers();
        await daemon.stop();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The engine's configuration file: https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file */
function daemonConfiguration(record: EngineRecord, subnet: Subnet, host: string, root: string): object {
  return {
    hosts: [host],
    group: 'root',
    pidfile: join(record.folder, 'docker.pid'),
    'data-root': record.data,
    'exec-root': join(record.folder, 'exec'),
    'cgroup-parent': record.cgroup,
    features: { 'containerd-snapshotter': true },
    bridge: record.bridge,
    iptables: false,
    ip6tables: false,
    'default-address-pools': [{ base: subnet.pool, size: 24 }],
    'userland-proxy': true,
    'userland-proxy-path': join(root, 'usr/sbin/docker-proxy'),
    'shutdown-timeout': 5,
    'log-level': 'warn',
  };
}
