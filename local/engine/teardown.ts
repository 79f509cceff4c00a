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

async function endProcesses(record: EngineRecord): Promise<void> {
  // The engine first: it ends its containers and its children in order.
  const daemon = Number(await readFile(join(record.folder, 'docker.pid'), 'utf8').catch(() => ''));
  if (daemon > 0 && (await belongs(daemon, record))) {
    signal(daemon, 'SIGTERM');
    await untilTrue(async () => !(await belongs(daemon, record)), {
      what: 'the engine to end',
      timeoutMs: 20_000,
    }).catch(() => {});
  }
  const rest = async (): Promise<number[]> => {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
    const belonging = await Promise.all(pids.map(async (pid) => ((await belongs(pid, record)) ? [pid] : [])));
    return belonging.flat();
  };
  await untilTrue(
    async () => {
      const pids = await rest();
      for (const pid of pids) signal(pid, 'SIGKILL');
      return pids.length === 0;
    },
    { what: `the processes of ${record.folder} to end`, timeoutMs: 10_000 },
  );
}

/** Whether a process is one of this engine's: it names the engine's folders on its command line or is in its control group. */
async function belongs(pid: number, record: EngineRecord): Promise<boolean> {
  if (pid === process.pid) return false;
  const [command, groups] = await Promise.all(
    ['cmdline', 'cgroup'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')),
  );
  const daemons = /^(\S*\/)?(dockerd|containerd|containerd-shim[\w-]*|docker-proxy|runc)$/;
  const words = (command ?? '').split('\0');
  const named = daemons.test(words[0] ?? '') && words.some((word) => word.includes(record.folder));
  return named || (groups ?? '').includes(`${record.cgroup}/`) || (groups ?? '').trimEnd().endsWith(record.cgroup);
}

async function unmount(record: EngineRecord): Promise<void> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8'))
    .split('\n')
    .map((line) => (line.split(' ')[1] ?? '').replaceAll('\\040', ' '))
    .filter((place) => place.startsWith(`${record.folder}/`) || place.startsWith(`${record.data}/`));
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
