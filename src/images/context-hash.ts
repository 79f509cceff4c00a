/** The hash of a build context: what is in it, not when it was written. */
import { createHash } from 'node:crypto';
import { createReadStream, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { sha256Hex } from '../hash.ts';

const largestAtOnce = 1_000_000;

/**
 * sha256 over the sorted paths with type, executable bit, and content or target; times, owners and other bits are left
 * out, and so is what `isIgnored` names: a builder never sees it.
 * @param isIgnored gets paths relative to `folder`, with `/`
 * @returns 64 hex digits
 */
export async function hashContext(folder: string, isIgnored: (path: string) => boolean = () => false): Promise<string> {
  const lines: string[] = [];
  const visit = async (relative: string): Promise<void> => {
    for (const name of readdirSync(join(folder, relative))) {
      const path = relative === '' ? name : `${relative}/${name}`;
      const full = join(folder, path);
      const status = lstatSync(full);
      if (status.isDirectory()) {
        // What is in an ignored folder may be taken back, so the folder alone is left out.
        if (!isIgnored(path)) lines.push(JSON.stringify([path, 'folder']));
        await visit(path);
      } else if (isIgnored(path)) continue;
      else if (status.isSymbolicLink()) lines.push(JSON.stringify([path, 'link', readlinkSync(full)]));
      else if (status.isFile()) {
        const kind = (status.mode & 0o100) === 0 ? 'file' : 'executable';
        lines.push(JSON.stringify([path, kind, await hashFile(full, status.size)]));
      }
    }
  };
  await visit('');
  return sha256Hex(`image-cascade context 1\n${lines.sort().join('\n')}`);
}

async function hashFile(path: string, size: number): Promise<string> {
  // A stream costs more than what a small file holds.
  if (size <= largestAtOnce) return sha256Hex(readFileSync(path));
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
