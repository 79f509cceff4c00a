/** `npm test`: Jest on Node 24, the runtime of the actions, whatever Node started it. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gitEnvironment } from '../local/git-environment.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const run = spawnSync(
  join(root, 'node_modules/node/bin/node'),
  ['--experimental-vm-modules', '--no-warnings', join(root, 'node_modules/jest/bin/jest.js'), ...process.argv.slice(2)],
  { stdio: 'inherit', cwd: root, env: gitEnvironment() },
);
process.exitCode = run.status ?? 1;
