import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onExit } from './on-exit.ts';

export interface TemporaryFolder {
  path: string;
  /** Removes it with everything in it; happens by itself when the process ends. */
  remove(): Promise<void>;
}

/** Makes an empty folder, readable by this user only, with a name that starts with `prefix`. */
export async function temporaryFolder(prefix: string): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(await realpath(tmpdir()), prefix));
  return { path, remove: onExit(() => rm(path, { recursive: true, force: true, maxRetries: 3 })) };
}
