/**
 * What is checked out, read from the files of a repository. To start git takes longer than everything that a render
 * asks of it, and a fresh checkout of a small repository has its objects in files of their own. Where something is not
 * as simple as that (packs, worktrees, other formats), nothing is said here, and git is asked.
 */
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { committedIn, type Head } from './head.ts';
import { inflate } from './inflate.ts';

/** Larger trees and commits are git's to read. */
const mostBytes = 4_000_000;

const idPattern = /^[0-9a-f]{40}$/;

/** @returns `undefined` when git has to be asked */
export function looseHead(workspace: string, paths: readonly string[]): Head | undefined {
  try {
    const folder = join(workspace, '.git');
    if (!isPlain(folder)) return undefined;
    const revision = currentCommit(folder);
    const commit = objectAt(folder, revision, 'commit').toString('utf8');
    const [, tree] = /^tree ([0-9a-f]{40})\n/.exec(commit) ?? [];
    if (tree === undefined) return undefined;
    const entries = new Map<string, ReadonlyMap<string, Entry>>();
    const objects = paths.flatMap((path): [string, string][] => {
      const id = path === '.' ? tree : find(folder, tree, path.split('/'), entries);
      return id === undefined ? [] : [[path, id]];
    });
    return { revision, committed: committedIn(commit.split('\n')), objects: Object.fromEntries(objects) };
  } catch {
    return undefined;
  }
}

/** Whether the folder is a repository of the oldest format, in which no object stands for another. */
function isPlain(folder: string): boolean {
  if (!lstatSync(folder).isDirectory()) return false;
  if (/^\s*(?:objectformat|refstorage|worktreeconfig)\b/im.test(readFileSync(join(folder, 'config'), 'utf8')))
    return false;
  return ['refs/replace', 'info/grafts'].every(
    (name) => lstatSync(join(folder, name), { throwIfNoEntry: false }) === undefined,
  );
}

function currentCommit(folder: string): string {
  const head = readFileSync(join(folder, 'HEAD'), 'utf8').trim();
  const [, name] = /^ref: (refs\/heads\/\S+)$/.exec(head) ?? [];
  const id = name === undefined ? head : readFileSync(join(folder, name), 'utf8').trim();
  if (!idPattern.test(id)) throw new RangeError('not one commit');
  return id;
}

/** @throws when it is in no file of its own, damaged or of another kind */
function objectAt(folder: string, id: string, kind: 'commit' | 'tree'): Buffer {
  const content = inflate(readFileSync(join(folder, 'objects', id.slice(0, 2), id.slice(2))), mostBytes);
  const end = content.indexOf(0);
  const header = content.toString('latin1', 0, end);
  if (header !== `${kind} ${content.length - end - 1}`) throw new RangeError('no such object');
  return content.subarray(end + 1);
}

interface Entry {
  readonly mode: string;
  readonly id: string;
}

/** @returns the object at a path; `undefined` when there is none */
function find(
  folder: string,
  tree: string,
  [name = '', ...rest]: readonly string[],
  known: Map<string, ReadonlyMap<string, Entry>>,
): string | undefined {
  if (name === '' || name === '.' || name === '..') throw new RangeError('not a plain path');
  const entries = known.get(tree) ?? entriesOf(objectAt(folder, tree, 'tree'));
  known.set(tree, entries);
  const entry = entries.get(name);
  if (entry === undefined) return undefined;
  // A submodule's commit is no object of this repository.
  if (entry.mode === '160000') throw new RangeError('a submodule');
  if (rest.length === 0) return entry.id;
  return entry.mode === '40000' ? find(folder, entry.id, rest, known) : undefined;
}

/** Of each: mode, space, name, zero, twenty bytes. */
function entriesOf(tree: Buffer): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  for (let at = 0; at < tree.length; ) {
    const space = tree.indexOf(0x20, at);
    const zero = tree.indexOf(0, space);
    if (space < 0 || zero < 0) throw new RangeError('a damaged tree');
    const id = tree.toString('hex', zero + 1, zero + 21);
    entries.set(tree.toString('utf8', space + 1, zero), { mode: tree.toString('latin1', at, space), id });
    at = zero + 21;
  }
  return entries;
}
