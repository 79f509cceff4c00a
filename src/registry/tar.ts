/**
 * Reads a tar archive as it arrives: POSIX ustar and pax (POSIX.1-2001, "pax Interchange Format"), GNU long names.
 * Texts are read byte by byte (latin1): two names or extended attributes that differ in any byte, valid UTF-8 or not,
 * stay different. Usual readers decode UTF-8, which makes e.g. the capabilities 0x80 and 0x81 of a file the same.
 */
import type { Readable } from 'node:stream';

export interface TarEntry {
  /** As in the archive, latin1. */
  readonly name: string;
  /** The type flag: `0` file, `1` hard link, `2` symbolic link, `3` and `4` devices, `5` folder, `6` pipe. */
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** Target of a link, else empty. */
  readonly link: string;
  readonly major: number;
  readonly minor: number;
  /** All pax records, latin1. */
  readonly pax: ReadonlyMap<string, string>;
}

/** Gets each entry in turn, with its content; content that is left unread is skipped. */
export type TarVisitor = (entry: TarEntry, content: AsyncIterable<Buffer>) => Promise<void>;

const block = 512;
/** Room for any path and for extended attributes (64 KiB each on Linux). */
const longHeaderLimit = 4 * 1024 * 1024;

/** @throws Error for what is no tar archive, or one that is cut off */
export async function readTar(archive: Readable, visit: TarVisitor): Promise<void> {
  const source = createSource(archive);
  const globals = new Map<string, string>();
  let pax = new Map<string, string>();
  let longName: string | undefined;
  let longLink: string | undefined;
  for (;;) {
    const raw = await source.exactly(block);
    if (raw.every((byte) => byte === 0)) break;
    checkSum(raw);
    const type = String.fromCharCode(raw[156] || 0x30);
    const size = pax.has('size') ? Number(pax.get('size')) : number(raw, 124, 12);
    if (!Number.isSafeInteger(size) || size < 0) throw new Error('the archive has an entry of no valid size');
    if (type === 'x' || type === 'g' || type === 'L' || type === 'K') {
      if (size > longHeaderLimit) throw new Error('the archive has a header of more than 4 MiB');
      const data = await source.exactly(size);
      await source.skip(padding(size));
      if (type === 'x') pax = new Map([...globals, ...paxRecords(data)]);
      else if (type === 'g') for (const [key, value] of paxRecords(data)) globals.set(key, value);
      else if (type === 'L') longName = text(data, 0, data.length);
      else longLink = text(data, 0, data.length);
      continue;
    }
    const records = pax.size === 0 ? globals : pax;
    const entry: TarEntry = {
      name: records.get('path') ?? longName ?? ustarName(raw),
      type: type === '7' ? '0' : type,
      mode: number(raw, 100, 8) & 0o7777,
      uid: Number(records.get('uid') ?? number(raw, 108, 8)),
      gid: Number(records.get('gid') ?? number(raw, 116, 8)),
      size,
      link: records.get('linkpath') ?? longLink ?? text(raw, 157, 100),
      major: number(raw, 329, 8),
      minor: number(raw, 337, 8),
      pax: records,
    };
    pax = new Map();
    longName = undefined;
    longLink = undefined;
    // Only files have content, whatever the size of a folder or link says.
    const length = entry.type === '0' ? size : 0;
    const content = source.part(length);
    await visit(entry, content);
    for await (const _ of content);
    await source.skip(padding(length));
  }
  // What follows the end mark is padding; whoever writes the archive wants to get rid of it.
  await source.drain();
}

function padding(size: number): number {
  return (block - (size % block)) % block;
}

function createSource(archive: Readable) {
  const iterator: AsyncIterator<Buffer> = archive[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);

  const upTo = async (count: number): Promise<Buffer> => {
    while (rest.length === 0) {
      const next = await iterator.next();
      if (next.done === true) throw new Error('the archive is cut off');
      rest = next.value;
    }
    const part = rest.subarray(0, count);
    rest = rest.subarray(part.length);
    return part;
  };

  const exactly = async (count: number): Promise<Buffer> => {
    const parts: Buffer[] = [];
    for (let missing = count; missing > 0; ) {
      const part = await upTo(missing);
      parts.push(part);
      missing -= part.length;
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  };

  async function* chunks(count: number): AsyncGenerator<Buffer> {
    for (let missing = count; missing > 0; ) {
      const part = await upTo(missing);
      missing -= part.length;
      yield part;
    }
  }

  return {
    exactly,
    /** The next bytes, piece by piece; can be iterated again for what was left. */
    part: (count: number): AsyncIterable<Buffer> => {
      let missing = count;
      return {
        async *[Symbol.asyncIterator]() {
          while (missing > 0) {
            const piece = await upTo(missing);
            missing -= piece.length;
            yield piece;
          }
        },
      };
    },
    skip: async (count: number): Promise<void> => {
      for await (const _ of chunks(count));
    },
    drain: async (): Promise<void> => {
      rest = Buffer.alloc(0);
      while ((await iterator.next()).done !== true);
    },
  };
}

function checkSum(raw: Buffer): void {
  let sum = 0;
  for (const [index, byte] of raw.entries()) sum += index >= 148 && index < 156 ? 0x20 : byte;
  if (sum !== number(raw, 148, 8)) throw new Error('this is not a tar archive');
}

/** Octal text, or, with the first bit set, a big-endian number (GNU). */
function number(raw: Buffer, offset: number, length: number): number {
  const first = raw[offset] ?? 0;
  if (first < 0x80) return Number.parseInt(text(raw, offset, length).trim() || '0', 8);
  return [...raw.subarray(offset, offset + length)].reduce(
    (value, byte, index) => value * 256 + (index === 0 ? byte & 0x7f : byte),
    0,
  );
}

function text(raw: Buffer, offset: number, length: number): string {
  const end = raw.subarray(offset, offset + length).indexOf(0);
  return raw.toString('latin1', offset, end < 0 ? offset + length : offset + end);
}

function ustarName(raw: Buffer): string {
  const name = text(raw, 0, 100);
  // GNU's own magic number ends in a blank and means that there is no prefix.
  const prefix = raw.toString('latin1', 257, 263) === 'ustar\0' ? text(raw, 345, 155) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** `<length> <key>=<value>\n`, where length counts itself and the line feed. */
function paxRecords(data: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let offset = 0; offset < data.length; ) {
    const blank = data.indexOf(0x20, offset);
    const length = Number(data.toString('latin1', offset, blank));
    if (blank < 0 || !Number.isInteger(length) || length <= 0)
      throw new Error('the archive has a malformed pax header');
    const record = data.toString('latin1', blank + 1, offset + length - 1);
    const equals = record.indexOf('=');
    if (equals > 0) records.set(record.slice(0, equals), record.slice(equals + 1));
    offset += length;
  }
  return records;
}
