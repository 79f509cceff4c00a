/**
 * Runs a TypeScript entry of this repository on Node 24, whatever Node started it:
 *
 *     node local/launch.mjs local/demo.ts [ARG ...]
 *
 * The entry is bundled first, because `@actions/workflow-parser` imports a JSON file in a way that Node refuses as it
 * is. Signals reach the entry, whose exit status becomes this process's.
 */
import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { gitEnvironment } from './git-environment.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [entry, ...rest] = process.argv.slice(2);
if (entry === undefined) throw new Error('usage: node local/launch.mjs ENTRY.ts [ARG ...]');

const folder = join(root, '.cache', 'launch');
await mkdir(folder, { recursive: true });
const outfile = join(folder, `${parse(entry).name}-${process.pid}.mjs`);
await build({
  entryPoints: [join(root, entry)],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  sourcemap: 'inline',
  logLevel: 'warning',
  external: ['esbuild', '@biomejs/biome', 'typescript', 'jest'],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});

const node = join(root, 'node_modules', 'node', 'bin', 'node');
const child = spawn(node, ['--enable-source-maps', outfile, ...rest], {
  stdio: 'inherit',
  env: { ...(entry === 'local/provide-git.ts' ? process.env : gitEnvironment()), IMAGE_CASCADE_ROOT: root },
});
// Ctrl-C reaches the whole process group; the entry cleans up and ends by itself.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', async (code, signal) => {
  const { rm } = await import('node:fs/promises');
  await rm(outfile, { force: true });
  process.exitCode = code ?? (signal === null ? 1 : 130);
});
