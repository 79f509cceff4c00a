import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { projectRoot } from '../processes/index.ts';
import { readMachine } from './machine.ts';
import { distributionSources } from './sources.ts';
import { environmentOf, unpackPackages } from './unpack.ts';

export interface ToolOptions {
  log(line: string): void;
  /** Where unpacked packages are kept; default: `.cache/engine` of this checkout. */
  cache?: string;
}

export interface Toolbox {
  /** Environment to run the tools in: this process's, with search paths added. */
  env: NodeJS.ProcessEnv;
}

/** The folder that unpacked packages are kept in between runs. */
export function cacheFolder(options: { cache?: string }): string {
  return options.cache ?? join(projectRoot(), '.cache', 'engine');
}

/**
 * Makes commands available: those that the machine has are used as they are, the others come from packages of its own
 * release, unpacked. `IMAGE_CASCADE_IGNORE_SYSTEM_TOOLS=1` unpacks all, as on a machine with the base system only.
 *
 * @param tools command → package that has it (name of the Debian and Ubuntu package)
 * @throws Error that names the packages to install, where unpacking is not possible
 */
export async function provideTools(tools: Record<string, string>, options: ToolOptions): Promise<Toolbox> {
  const bare = process.env.IMAGE_CASCADE_IGNORE_SYSTEM_TOOLS === '1';
  const system = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;
  const missing: string[] = [];
  for (const [command, name] of Object.entries(tools)) {
    if (bare || !(await onPath(command, system))) missing.push(name);
  }
  if (missing.length === 0) return { env: { ...process.env, PATH: system } };

  const machine = await readMachine();
  const sources = distributionSources(machine.sources, machine.codename);
  if (!['debian', 'ubuntu'].includes(machine.distribution) || sources.length === 0) {
    throw new Error(
      `${missing.join(', ')} missing, and on ${machine.name} there is no Debian or Ubuntu archive to take them from: ` +
        'install them and run this again',
    );
  }
  const packages = [...new Set(missing)].sort();
  const unpacked = await unpackPackages(
    { sources, packages, dependencies: 'missing', ...(bare ? { bare } : {}) },
    { cache: cacheFolder(options), log: options.log },
  );
  return { env: await environmentOf([unpacked], process.env) };
}

/** Whether a command is in one of the folders of a search path. */
async function onPath(command: string, path: string): Promise<boolean> {
  for (const folder of path.split(delimiter)) {
    const there = await access(join(folder, command), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (there) return true;
  }
  return false;
}
