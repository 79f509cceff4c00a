/** Files of a container, read without running anything in it. */
import type { Header } from 'tar-stream';
import { copyOut, explainFailure } from '../engine/index.ts';
import type { Subject } from './check.ts';

const contentLimit = 8 * 1024 * 1024;

type Reader = Pick<Subject, 'container' | 'timeoutMs'>;

export interface ContainerFile {
  readonly header: Header;
  /** At most the first eight megabytes; empty for anything but a file. */
  readonly content: Buffer;
}

/** `undefined` when there is no such path; a sentence when the engine can't tell. */
export async function readContainerFile(
  { container, timeoutMs }: Reader,
  path: string,
): Promise<ContainerFile | string | undefined> {
  const { extract } = await import('./tar-reader.ts');
  const stop = new AbortController();
  const { output, done } = copyOut(container, path, AbortSignal.any([stop.signal, AbortSignal.timeout(timeoutMs)]));
  const entries = output.pipe(extract());
  let found: ContainerFile | undefined;
  try {
    // Of a folder only the first entry counts: the folder itself.
    for await (const entry of entries) {
      const content = fileType(entry.header) === 'file' ? await contentOf(entry) : Buffer.alloc(0);
      found = { header: entry.header, content };
      break;
    }
  } catch {
    // The command's own words say more.
  }
  if (found !== undefined) stop.abort();
  output.destroy();
  const { status, stderr } = await done;
  if (found !== undefined) return found;
  if (/could not find the file|no such file or directory|could not be found|not found in container/i.test(stderr))
    return undefined;
  return `${path} can't be read: ${explainFailure(stderr, status).message}`;
}

/** As `readContainerFile`, where only the text matters; rejects when the engine can't tell. */
export async function readContainerText(reader: Reader, path: string): Promise<string | undefined> {
  const found = await readContainerFile(reader, path);
  if (typeof found === 'string') throw new Error(found);
  if (found === undefined) return undefined;
  const { header, content } = found;
  // A link is followed within the container, never on this machine.
  if (header.type === 'symlink' && header.linkname)
    return await readContainerText(reader, new URL(header.linkname, `file://${encodeURI(path)}`).pathname);
  return content.toString('utf8');
}

export function fileType({ type }: Header): string {
  if (type === 'file' || type === 'contiguous-file' || type === 'link') return 'file';
  return type ?? 'file';
}

async function contentOf(entry: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of entry) {
    if (!(chunk instanceof Uint8Array)) continue;
    chunks.push(chunk);
    size += chunk.length;
    if (size >= contentLimit) break;
  }
  return Buffer.concat(chunks);
}
