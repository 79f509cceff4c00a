/**
 * Unpacks git where the machine has none, and prints the search path that has it. The tests and the demo hold
 * repositories, so nothing of them works without.
 */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, provideTools } from './packages/index.ts';
import { main } from './processes/index.ts';

await main(async () => {
  const { env } = await provideTools({ git: 'git' }, { log: (line) => console.error(line) });
  const path = env.PATH ?? '';
  const root = (path.split(':')[0] ?? '').replace(/\/usr\/bin$/, '');
  // A script, since whoever calls git with an environment of its own would lose where its parts are.
  const folder = join(cacheFolder({}), 'git');
  const script = [
    '#!/bin/sh',
    `export GIT_EXEC_PATH='${root}/usr/lib/git-core' GIT_TEMPLATE_DIR='${root}/usr/share/git-core/templates'`,
    `export LD_LIBRARY_PATH='${env.LD_LIBRARY_PATH ?? ''}'"\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"`,
    `exec '${root}/usr/bin/git' "$@"`,
  ];
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'git'), `${script.join('\n')}\n`);
  await chmod(join(folder, 'git'), 0o755);
  console.log(`${folder}:${process.env.PATH ?? ''}`);
});
