/** The content id: a hash of what an image contains, without what changes at every build. */
import { createHash, type Hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { platformText } from './manifests.ts';
import { readTar, type TarEntry } from './tar.ts';
import type { ImageConfig } from './types.ts';
import {
  isCompiledPython,
  isHidden,
  isUnread,
  normalizedLimit,
  normalizerFor,
  pycHeaderLength,
  withoutSourceTime,
} from './volatile.ts';

/** Goes first into the hash: a new way to compute ids makes new ids. */
const version = 'image-cascade content 1';

/** Pax records that are times, or that the entry has under its own name. */
const uncountedRecords = new Set([
  'mtime',
  'atime',
  'ctime',
  'path',
  'linkpath',
  'size',
  'uid',
  'gid',
  'uname',
  'gname',
]);
const uncountedPrefixes = ['LIBARCHIVE.', 'comment', 'hdrcharset'];

/**
 * The content id of an image: 64 hex digits.
 *
 * Files count with path, type, mode, owner, link target, device numbers, extended attributes and content, in any order,
 * without times and without what `volatile.ts` lists. The configuration counts as far as it changes what a container
 * does, with all labels but those that a build writes. Memory: some hundred bytes for each file, none for contents.
 *
 * @param archive the merged file system as an uncompressed tar, as `docker export` writes it; read to its end
 * @throws Error when the archive is cut off or is none
 */
export async function contentId(archive: Readable, config: ImageConfig): Promise<string> {
  const entries = new Map<string, string>();
  await readTar(archive, async (entry, content) => {
    const path = entry.name.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
    if (path === '' || path === '.' || isHidden(path)) return;
    entries.set(path, describe(entry, isUnread(path) ? '' : await contentHash(path, entry.size, content)));
  });
  const hash = createHash('sha256').update(`${version}\n${canonical(configContent(config))}\n`);
  for (const path of [...entries.keys()].sort()) hash.update(`${JSON.stringify(path)} ${entries.get(path)}\n`);
  return hash.digest('hex');
}

function describe({ type, mode, uid, gid, link, major, minor, pax }: TarEntry, content: string): string {
  const isDevice = type === '3' || type === '4';
  const isLink = type === '1' || type === '2';
  const records = [...pax]
    .filter(([key]) => !uncountedRecords.has(key) && !uncountedPrefixes.some((prefix) => key.startsWith(prefix)))
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([
    type,
    // Links have no mode of their own.
    isLink ? 0 : mode,
    uid,
    gid,
    isLink ? link.replace(/^(?:\.\/)+/, '') : '',
    isDevice ? [major, minor] : [],
    content,
    records,
  ]);
}

async function contentHash(path: string, size: number, content: AsyncIterable<Buffer>): Promise<string> {
  if (size === 0) return '';
  const hash = createHash('sha256');
  const normalize = size <= normalizedLimit ? normalizerFor(path) : undefined;
  if (normalize !== undefined) {
    const parts: Buffer[] = [];
    for await (const part of content) parts.push(part);
    hash.update(normalize(Buffer.concat(parts)));
  } else if (isCompiledPython(path)) {
    await hashCompiledPython(hash, content);
  } else {
    for await (const part of content) hash.update(part);
  }
  return hash.digest('hex');
}

async function hashCompiledPython(hash: Hash, content: AsyncIterable<Buffer>): Promise<void> {
  let start: Buffer | undefined = Buffer.alloc(0);
  for await (const part of content) {
    if (start === undefined) {
      hash.update(part);
      continue;
    }
    start = Buffer.concat([start, part]);
    if (start.length < pycHeaderLength) continue;
    hash.update(withoutSourceTime(start.subarray(0, pycHeaderLength))).update(start.subarray(pycHeaderLength));
    start = undefined;
  }
  if (start !== undefined) hash.update(start);
}

/** https://github.com/opencontainers/image-spec/blob/v1.1.0/config.md, and Docker's additions. */
const countedSettings = [
  'User',
  'Env',
  'Entrypoint',
  'Cmd',
  'WorkingDir',
  'ExposedPorts',
  'Volumes',
  'StopSignal',
  'StopTimeout',
  'Shell',
  'Healthcheck',
  'OnBuild',
] as const;

const buildLabel = /^(?:org\.opencontainers\.image\.|io\.image-cascade\.)/;

function configContent(image: ImageConfig): unknown {
  const { config = {} } = image;
  const labels = Object.entries(config.Labels ?? {}).filter(([name]) => !buildLabel.test(name));
  const settings = {
    ...Object.fromEntries(countedSettings.map((name) => [name, config[name]])),
    // Some versions of BuildKit write the default, others leave it out.
    WorkingDir: config.WorkingDir === '/' ? '' : config.WorkingDir,
    Labels: Object.fromEntries(labels),
  };
  // Builders write an absent setting in several ways.
  const filled = Object.entries(settings).filter(([, value]) => !isEmpty(value));
  return { platform: platformText(image), ...Object.fromEntries(filled) };
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}
