/** A Kubernetes cluster of one node on this machine: real programs, all of them on 127.0.0.1, gone when it stops. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { chooseSubnet, dockerPackages, makeRecord, parseRoutes, tearDown, tearDownLeftovers } from '../engine/index.ts';
import {
  cacheFolder,
  distributionSources,
  environmentOf,
  provideTools,
  readMachine,
  type Unpacked,
  unpackPackages,
} from '../packages/index.ts';
import { freePort, onExit, run, type StartedProcess, startProcess, untilTrue } from '../processes/index.ts';
import { kubeconfig, makeCredentials } from './credentials.ts';
import {
  apiserverArguments,
  containerdConfiguration,
  controllerArguments,
  etcdArguments,
  kubeletArguments,
  kubeletConfiguration,
  type Layout,
  networkConfiguration,
  schedulerArguments,
} from './settings.ts';
import { leaveNoTraces } from './traces.ts';

export interface LocalCluster {
  /** Name in kubectl's configuration. */
  readonly context: string;
  /** What a job's environment has once the cluster is there: PATH, KUBECONFIG, and where `ctr` finds its nodes. */
  readonly env: Record<string, string>;
  stop(): Promise<void>;
}

const TOOLS = { runc: 'runc', ip: 'iproute2', openssl: 'openssl' };

/**
 * @param programs folder with the programs of Kubernetes
 * @throws Error with the end of the log of the part that does not come up
 */
export async function startCluster(programs: string, log: (line: string) => void): Promise<LocalCluster> {
  await tearDownLeftovers(log);
  const tools = await provideTools(TOOLS, { log });
  const machine = await readMachine();
  const docker = await dockerPackages(machine, 'engine', { log });
  const sources = distributionSources(machine.sources, machine.codename);
  const target = { cache: cacheFolder({}), log };
  const plugins: Unpacked = await unpackPackages(
    { sources, packages: ['containernetworking-plugins'], dependencies: 'none' },
    target,
  );
  const found = await environmentOf([docker], tools.env);
  const env = { ...found, PATH: [programs, found.PATH].join(delimiter) };
  const { range, bridge } = chooseSubnet(parseRoutes(await readFile('/proc/net/route', 'utf8')), process.pid + 1);
  const record = await makeRecord(cacheFolder({}), env, 'iptables', range);
  await leaveNoTraces();
  const stopped = onExit(() => tearDown(record));

  const context = 'local';
  const { folder } = record;
  const [etcd, peer, api, kubelet] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const layout: Layout = {
    folder,
    data: record.data,
    credentials: await makeCredentials(folder),
    kubeconfig: join(folder, 'kubeconfig'),
    ports: { etcd, peer, api, kubelet },
    bridge: record.bridge,
    subnet: bridge.replace(/\d+\/24$/, '0/24'),
    cgroup: record.cgroup,
    networkPlugins: join(plugins.root, 'usr/lib/cni'),
  };
  await mkdir(join(folder, 'cni'));
  const files: Readonly<Record<string, string>> = {
    kubeconfig: kubeconfig(context, `https://127.0.0.1:${api}`, layout.credentials),
    'containerd.toml': containerdConfiguration(layout),
    'kubelet.json': JSON.stringify(kubeletConfiguration(layout)),
    'cni/pods.conflist': JSON.stringify(networkConfiguration(layout)),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text, { mode: 0o600 });

  const parts: StartedProcess[] = [];
  const start = async (command: string, args: string[], answers: readonly string[]): Promise<void> => {
    const part = await startProcess(command, args, { env, logFile: join(folder, `${command}.log`) });
    parts.push(part);
    const [asked = '', ...rest] = answers;
    await untilTrue(
      async () => {
        if (part.status() !== null) throw new Error('it ended at once');
        return answers.length === 0 || (await run(asked, rest, { env, timeoutMs: 10_000 })).status === 0;
      },
      { what: `${command} to answer`, timeoutMs: 120_000, intervalMs: 300 },
    ).catch(async (error: Error) => {
      throw new Error(`${command} did not start (${error.message}); its log ends:\n${await part.lastLines(25)}`);
    });
  };
  const kubectl = ['kubectl', '--kubeconfig', layout.kubeconfig, '--request-timeout', '5s'];
  await start('etcd', etcdArguments(layout), []);
  await start(
    'containerd',
    ['--config', join(folder, 'containerd.toml')],
    ['ctr', '--address', join(folder, 'containerd.sock'), 'version'],
  );
  await start('kube-apiserver', apiserverArguments(layout), [...kubectl, 'get', '--raw', '/readyz']);
  await start('kube-controller-manager', controllerArguments(layout), []);
  await start('kube-scheduler', schedulerArguments(layout), []);
  const ready = [...kubectl, 'wait', '--for', 'condition=Ready', 'node/localhost', '--timeout', '5s'];
  await start('kubelet', kubeletArguments(layout), ready);
  return {
    context,
    env: {
      PATH: env.PATH,
      KUBECONFIG: layout.kubeconfig,
      CONTAINERD_ADDRESS: join(folder, 'containerd.sock'),
      CONTAINERD_NAMESPACE: 'k8s.io',
    },
    async stop() {
      for (const part of parts.reverse()) await part.stop();
      await stopped();
    },
  };
}
