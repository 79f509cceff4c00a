import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { git } from './git.ts';

/**
 * Makes the commit that merges `head` into `base` in a bare repository, without moving any ref. A working tree is
 * needed, since `git merge-tree --write-tree` is younger than the git of some systems in use.
 *
 * @returns its object id; undefined when the two conflict or have no common history
 */
export async function mergeCommit(
  folder: string,
  base: string,
  head: string,
  message: string,
): Promise<string | undefined> {
  const tree = await mkdtemp(join(folder, 'merge-'));
  try {
    await git(folder, ['worktree', 'add', '--quiet', '--detach', tree, base]);
    const merged = await git(tree, ['merge', '--quiet', '--no-ff', '-m', message, head]).then(
      () => true,
      () => false,
    );
    return merged ? await git(tree, ['rev-parse', 'HEAD']) : undefined;
  } finally {
    await rm(tree, { recursive: true, force: true });
    await git(folder, ['worktree', 'prune']);
  }
}
