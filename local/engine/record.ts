import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** Start of the name of each private engine's folder under the system's temporary folder. */
const FOLDER_PREFIX = 'image-cascade-engine-';

/** What has to be taken down again, written before it is put up: what is left of a killed run is found by it. */
export interface EngineRecord {
  /** Folder with the sockets, the configuration and this record. */
  folder: string;
  /** Folder with images and containers. */
  data: string;
  /** The process that started the engine, and when that began (jiffies since boot): numbers are given out again. */
  owner: number;
  ownerStart: string;
  bridge: string;
  /** Network that the engine hands out. */
  range: string;
  cgroup: string;
  /** Environment in which its tools run. */
  tools: { PATH: string; LD_LIBRARY_PATH?: string; XTABLES_LIBDIR?: string };
  iptables: string;
}

/**
 * Makes the folders, and keeps the record in them. Sockets go under the system's temporary folder: their paths may have
 * 107 characters.
 * @param cache folder in which large data may be kept
 */
export async function makeRecord(
  cache: string,
  env: NodeJS.ProcessEnv,
  iptables: string,
  range: string,
): Promise<EngineRecord> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), FOLDER_PREFIX));
  const id = basename(folder).slice(FOLDER_PREFIX.length);
  const { PATH = '', LD_LIBRARY_PATH, XTABLES_LIBDIR } = env;
  const record: EngineRecord = {
    folder,
    data: join(await realpath(cache), `data-${id}`),
    owner: process.pid,
    ownerStart: startTime(process.pid) ?? '',
    bridge: `icascade-${id}`,
    range,
    cgroup: `/image-cascade-${id}`,
    tools: {
      PATH,
      ...(LD_LIBRARY_PATH === undefined ? {} : { LD_LIBRARY_PATH }),
      ...(XTABLES_LIBDIR === undefined ? {} : { XTABLES_LIBDIR }),
    },
    iptables,
  };
  await writeFile(join(folder, 'record.json'), JSON.stringify(record));
  await mkdir(record.data, { recursive: true });
  return record;
}

/** Records of all private engines of this user on this machine, running or left over. */
export async function readRecords(): Promise<EngineRecord[]> {
  const base = await realpath(tmpdir());
  const records: EngineRecord[] = [];
  for (const name of await readdir(base)) {
    if (!name.startsWith(FOLDER_PREFIX)) continue;
    const text = await readFile(join(base, name, 'record.json'), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const record: EngineRecord = JSON.parse(text);
    // The record stands in a folder that only its owner can write, and speaks of that folder.
    if (record.folder === join(base, name)) records.push(record);
  }
  return records;
}

export function isAlive(record: EngineRecord): boolean {
  return startTime(record.owner) === record.ownerStart;
}

/** When a process began, in jiffies since boot; undefined when there is none. Field 22 of proc_pid_stat(5). */
export function startTime(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
