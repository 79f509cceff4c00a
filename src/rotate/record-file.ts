/**
 * The file of a deletion record: indented JSON, written piece by piece. In one piece, the text of fifty thousand deletions
 * would take more memory than all the rest.
 */
import { closeSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DeletionRecord } from './record.ts';

const pieceLength = 64 * 1024;

/** Writes it anew, and its folder. A run that is killed meanwhile leaves the file that was there. */
export function writeRecordFile(file: string, record: DeletionRecord): void {
  mkdirSync(dirname(file), { recursive: true });
  const descriptor = openSync(`${file}.new`, 'w');
  try {
    let piece = '';
    for (const text of texts(record)) {
      piece += text;
      if (piece.length < pieceLength) continue;
      writeAll(descriptor, piece);
      piece = '';
    }
    writeAll(descriptor, piece);
  } finally {
    closeSync(descriptor);
  }
  renameSync(`${file}.new`, file);
}

function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
}

function* texts({ deletions, leftovers, ...rest }: DeletionRecord): Generator<string> {
  yield JSON.stringify(rest, null, 2).replace(/\n\}$/, '');
  for (const [name, list] of Object.entries({ deletions, leftovers })) {
    yield `,\n  "${name}": [`;
    let separator = '\n    ';
    for (const item of list) {
      yield separator + JSON.stringify(item, null, 2).replaceAll('\n', '\n    ');
      separator = ',\n    ';
    }
    yield list.length === 0 ? ']' : '\n  ]';
  }
  yield '\n}\n';
}
