import { readFileSync } from 'node:fs';
import { readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Start of the name of each private engine's folder under the system's temporary folder. */
export const FOLDER_PREFIX = 'image-cascade-engine-';

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

export async function writeRecord(record: EngineRecord): Promise<void> {
  await writeFile(join(record.folder, 'record.json'), JSON.stringify(record));
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
