/** The tools that the scenarios look with, and that sign: none of them knows this project. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { archiveMirror, cacheFolder, environmentOf, readMachine, unpackPackages } from '../packages/index.ts';
import { projectRoot, type RunResult, run, runOk } from '../processes/index.ts';

export interface Tools {
  /** Runs a tool to its successful end, and gives what it printed. */
  use(tool: 'crane' | 'cosign' | 'oras', args: readonly string[], options?: Use): Promise<string>;
  /** Runs a tool, whatever its end. */
  attempt(tool: 'crane' | 'cosign' | 'oras', args: readonly string[], options?: Use): Promise<RunResult>;
  readonly env: NodeJS.ProcessEnv;
}

interface Use {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * crane from where `.ci/tools` puts it; cosign and oras from Debian 13, whose packages run on Debian 12.
 * @throws Error that says what is missing
 */
export async function provideScenarioTools(log: (line: string) => void): Promise<Tools> {
  const bin = join(projectRoot(), '.cache', 'tools', 'bin');
  for (const tool of ['crane', 'referrers-registry'])
    await access(join(bin, tool)).catch(() => {
      throw new Error(`${tool} is not there: run .ci/tools`);
    });
  const machine = await readMachine();
  const mirror = archiveMirror(machine.sources, machine.codename);
  if (mirror === undefined) throw new Error(`apt's sources name no archive of ${machine.name}`);
  const sources = [{ ...mirror, suites: ['trixie'], components: ['main'] }];
  const unpacked = await unpackPackages(
    { sources, packages: ['cosign', 'oras'], dependencies: 'none' },
    { cache: cacheFolder({}), log },
  );
  const base = await environmentOf([unpacked], process.env);
  const env = { ...base, PATH: `${bin}:${base.PATH ?? ''}` };
  const optionsOf = ({ cwd, env: more }: Use) => ({ env: { ...env, ...more }, ...(cwd === undefined ? {} : { cwd }) });
  return {
    env,
    use: async (tool, args, options = {}) => (await runOk(tool, args, optionsOf(options))).stdout.trim(),
    attempt: (tool, args, options = {}) => run(tool, args, optionsOf(options)),
  };
}
