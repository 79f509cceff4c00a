import { PassThrough, type Readable } from 'node:stream';
import { type Header, pack } from 'tar-stream';

export interface File extends Omit<Partial<Header>, 'size'> {
  name: string;
  content?: string | Buffer;
}

/** A tar archive of these entries, in this order, made by a library that has nothing to do with our reader. */
export function tarOf(files: readonly File[]): Readable {
  const archive = pack();
  for (const { content, ...headers } of files) {
    archive.entry({ mode: 0o644, uid: 0, gid: 0, mtime: new Date(0), ...headers }, content ?? '');
  }
  archive.finalize();
  return archive.pipe(new PassThrough());
}
