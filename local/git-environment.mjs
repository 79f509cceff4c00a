/** The environment in which there is git: this process's, or, on a machine without, with one that is unpacked. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const launcher = join(dirname(fileURLToPath(import.meta.url)), 'launch.mjs');

export function gitEnvironment() {
  if (spawnSync('git', ['--version']).status === 0) return process.env;
  const { status, stdout } = spawnSync(process.execPath, [launcher, 'local/provide-git.ts'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error('git is not installed, and could not be unpacked: install it and run this again');
  return { ...process.env, PATH: stdout.trim().split('\n').at(-1) };
}
