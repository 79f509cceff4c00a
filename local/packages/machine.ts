import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseOsRelease } from './os-release.ts';
import { type AptSource, parseDeb822Sources, parseOneLineSources } from './sources.ts';

export interface Machine {
  /** `ID` of os-release: `debian`, `ubuntu`, … */
  distribution: string;
  /** `VERSION_CODENAME`: `bookworm`, `noble`, …; empty where there is none. */
  codename: string;
  /** The name for people. */
  name: string;
  root: boolean;
  sources: AptSource[];
}

/** What this machine is, and which archives its apt uses. */
export async function readMachine(): Promise<Machine> {
  const release = parseOsRelease(await textOf('/etc/os-release'));
  return {
    distribution: release.ID ?? process.platform,
    codename: release.VERSION_CODENAME ?? '',
    name: release.PRETTY_NAME ?? release.ID ?? process.platform,
    root: process.getuid?.() === 0,
    sources: await readSources('/etc/apt'),
  };
}

async function readSources(folder: string): Promise<AptSource[]> {
  const parts = join(folder, 'sources.list.d');
  const names = await readdir(parts).catch(() => []);
  const files = [join(folder, 'sources.list'), ...names.sort().map((name) => join(parts, name))];
  const sources: AptSource[] = [];
  for (const file of files) {
    if (file.endsWith('.list')) sources.push(...parseOneLineSources(await textOf(file)));
    if (file.endsWith('.sources')) sources.push(...parseDeb822Sources(await textOf(file)));
  }
  return sources;
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
