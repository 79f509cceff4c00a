/** What is asked of a visitor in the container, and where none can be sent, of the engine or of the image's own commands. */
import { createHash } from 'node:crypto';
import { execute } from '../../../engine/index.ts';
import type { RunResult } from '../../../processes.ts';
import type { Subject } from '../../check.ts';
import { fileType, readContainerFile, readContainerText } from '../../container-files.ts';
import type { VisitedFile } from '../../visit.ts';
import { askInside, NoVisitorError } from '../../visitor.ts';

async function otherwise<T>(asked: Promise<T>, instead: (why: string) => Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof NoVisitorError) return await instead(error.message);
    throw error;
  }
}

/** @param sums names of hash functions */
export function readFileFacts(
  subject: Subject,
  path: string,
  content: boolean,
  sums: readonly string[],
): Promise<VisitedFile | null> {
  return otherwise(askInside<'file'>(subject, { kind: 'file', path, content, sums }), (why) =>
    archived(subject, path, sums, why),
  );
}

async function archived(
  subject: Subject,
  path: string,
  sums: readonly string[],
  why: string,
): Promise<VisitedFile | null> {
  if (/^\/(?:proc|sys|dev)(?:\/|$)/.test(path)) throw new Error(`${why}, from where ${path} can't be seen`);
  const found = await readContainerFile(subject, path);
  if (typeof found === 'string') throw new Error(found);
  if (found === undefined) {
    // What is mounted in the container is not in its archive.
    const { container, timeoutMs } = subject;
    const { status } = await execute(container, ['ls', '-d', path], { timeoutMs });
    if (status === 0) throw new Error(`${why}, from where ${path} can't be seen`);
    return null;
  }
  const { header } = found;
  const { size = 0 } = header;
  const type = fileType(header);
  const text = type === 'file' || type === 'symlink' ? await readContainerText(subject, path) : undefined;
  return {
    type: type === 'fifo' ? 'pipe' : type,
    mode: (header.mode ?? 0) & 0o7777,
    ...(type === 'file' ? { size } : {}),
    uid: header.uid ?? 0,
    gid: header.gid ?? 0,
    ...(header.linkname && type === 'symlink' ? { link: header.linkname } : {}),
    content: text === undefined ? { error: 'it has no content' } : { text },
    sums:
      type === 'file' && size === found.content.length
        ? Object.fromEntries(sums.map((sum) => [sum, createHash(sum).update(found.content).digest('hex')]))
        : { error: `${why}, and it is a ${type} or larger than 8 MB` },
  };
}

/** Runs a command; throws where it can't be started at all, which is not the same as one that ends with 127. */
export async function runInside({ container, timeoutMs }: Subject, command: readonly string[]): Promise<RunResult> {
  const result = await execute(container, command, { timeoutMs });
  const said = `${result.stdout}\n${result.stderr}`;
  if ((result.status === 126 || result.status === 127) && /^(?:OCI runtime exec failed: |Error: crun: )/m.test(said))
    throw new Error(`the image has no ${command[0]}`);
  return result;
}

/** A file of the kernel as the container has it. Throws where there is none. */
export async function readKernelFile(subject: Subject, path: string): Promise<string> {
  const text = await otherwise(askInside<'kernel'>(subject, { kind: 'kernel', path }), async (why) => {
    const { container, timeoutMs } = subject;
    const { status, stdout } = await execute(container, ['cat', path], { timeoutMs });
    if (status === 126 || status === 127) throw new Error(`${why}, and the image has no \`cat\` to read ${path} with`);
    return status === 0 ? stdout : null;
  });
  if (text === null) throw new Error(`there is no ${path}`);
  return text;
}

/** Names in a folder of the container; none where there is no folder. */
export async function namesIn(subject: Subject, path: string): Promise<readonly string[]> {
  const names = await otherwise(askInside<'names'>(subject, { kind: 'names', path }), async () => {
    const { container, timeoutMs } = subject;
    const { status, stdout } = await execute(container, ['ls', '-1', path], { timeoutMs });
    return status === 0 ? stdout.split('\n').filter((name) => name !== '') : [];
  });
  return [...(names ?? [])].sort();
}

/** How full a mounted file system is, in per cent. */
export function usageOf(subject: Subject, path: string): Promise<number> {
  return otherwise(askInside<'usage'>(subject, { kind: 'usage', path }), async (why) => {
    const { container, timeoutMs } = subject;
    const { status, stdout } = await execute(container, ['stat', '-f', '-c', '%f %b', path], { timeoutMs });
    const [free, blocks] = stdout.trim().split(' ').map(Number);
    if (status !== 0 || free === undefined || blocks === undefined)
      throw new Error(`${why}, and the image has no \`stat\` to tell how full ${path} is`);
    return blocks === 0 ? -(2 ** 63) : Math.round((1 - free / blocks) * 100);
  });
}
