import { readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run, untilTrue } from '../processes/index.ts';
import { dropNetwork } from './network.ts';
import { type EngineRecord, isAlive, readRecords } from './record.ts';

/**
 * Takes down all that belongs to a private engine: processes, mounts, network, control groups, folders.
 * Does no harm when part of it, or all, is gone.
 */
export async function tearDown(record: EngineRecord): Promise<void> {
  await endProcesses(record);
  await unmount(record);
  await dropNetwork(record);
  await removeControlGroups(record.cgroup);
  await rm(record.data, { recursive: true, force: true, maxRetries: 3 });
  await rm(record.folder, { recursive: true, force: true, maxRetries: 3 });
}

/** Takes down what runs that were killed have left behind. */
export async function tearDownLeftovers(log: (line: string) => void): Promise<void> {
  for (const record of await readRecords()) {
    if (isAlive(record)) continue;
    log(`removing what an interrupted run left in ${record.folder}`);
    await tearDown(record);
  }
}

/** Ends what runs in containers at once, so that the engine, asked to stop, has nobody to wait for. */
export async function killContainers(record: EngineRecord): Promise<void> {
  for (const pid of await processesThat((_command, groups) => inGroup(groups, record))) signal(pid, 'SIGKILL');
}

async function endProcesses(record: EngineRecord): Promise<void> {
  await killContainers(record);
  // The engine before its children: it ends them in order.
  const daemon = Number(await readFile(join(record.folder, 'docker.pid'), 'utf8').catch(() => ''));
  const daemonRuns = async (): Promise<boolean> => (await processesOf(record)).includes(daemon);
  if (await daemonRuns()) {
    signal(daemon, 'SIGTERM');
    // One that does not obey is killed below.
    await untilTrue(async () => !(await daemonRuns()), { what: 'the engine to end', timeoutMs: 20_000 }).catch(
      () => {},
    );
  }
  await untilTrue(
    async () => {
      const pids = await processesOf(record);
      for (const pid of pids) signal(pid, 'SIGKILL');
      return pids.length === 0;
    },
    { what: `the processes of ${record.folder} to end`, timeoutMs: 10_000 },
  );
}

/** The engine's own processes, which name its folder on their command line, and those in its control group. */
function processesOf(record: EngineRecord): Promise<number[]> {
  const daemons = /^(\S*\/)?(dockerd|containerd|containerd-shim[\w-]*|docker-proxy|runc)$/;
  return processesThat(
    (command, groups) =>
      inGroup(groups, record) ||
      (daemons.test(command[0] ?? '') && command.some((word) => word.includes(record.folder))),
  );
}

async function processesThat(match: (command: string[], groups: string[]) => boolean): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const [command = '', groups = ''] = await Promise.all(
        ['cmdline', 'cgroup'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')),
      );
      return match(command.split('\0'), groups.split('\n')) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

/** Lines of /proc/PID/cgroup are `number:controllers:path`: cgroups(7). */
function inGroup(groups: string[], record: EngineRecord): boolean {
  return groups.some((line) => `${line.replace(/^[^:]*:[^:]*:/, '')}/`.startsWith(`${record.cgroup}/`));
}

async function unmount(record: EngineRecord): Promise<void> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8'))
    .split('\n')
    .map((line) => (line.split(' ')[1] ?? '').replaceAll('\\040', ' '))
    .filter((place) => [record.folder, record.data].some((folder) => `${place}/`.startsWith(`${folder}/`)));
  // The deepest first.
  for (const place of mounts.reverse()) await run('umount', ['--lazy', place]);
}

async function removeControlGroups(name: string): Promise<void> {
  const hierarchies = ['', ...(await readdir('/sys/fs/cgroup').catch(() => []))];
  for (const hierarchy of hierarchies) await removeTree(join('/sys/fs/cgroup', hierarchy, name));
}

/** A control group goes with rmdir, from the inside out: the files in it are the kernel's. */
async function removeTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeTree(join(folder, entry.name));
  await rmdir(folder).catch(() => {});
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
