/** The hash of a build context: what is in it, not when it was written. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/**
 * sha256 over the sorted paths with type, executable bit, and content or target; times, owners and other bits are left
 * out, and so is what `isIgnored` names: a builder never sees it.
 * @param isIgnored gets paths relative to `folder`, with `/`
 * @returns 64 hex digits
 */
export async function hashContext(folder: string, isIgnored: (path: string) => boolean = () => false): Promise<string> {
  const lines: string[] = [];
  const visit = async (relative: string): Promise<void> => {
    for (const name of await readdir(join(folder, relative))) {
      const path = relative === '' ? name : `${relative}/${name}`;
      const full = join(folder, path);
      const status = await lstat(full);
      if (status.isDirectory()) {
        // What is in an ignored folder may be taken back, so the folder alone is left out.
        if (!isIgnored(path)) lines.push(JSON.stringify([path, 'folder']));
        await visit(path);
      } else if (isIgnored(path)) continue;
      else if (status.isSymbolicLink()) lines.push(JSON.stringify([path, 'link', await readlink(full)]));
      else if (status.isFile()) {
        const kind = (status.mode & 0o100) === 0 ? 'file' : 'executable';
        lines.push(JSON.stringify([path, kind, await hashFile(full)]));
      }
    }
  };
  await visit('');
  const hash = createHash('sha256').update('image-cascade context 1\n');
  return hash.update(lines.sort().join('\n')).digest('hex');
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
