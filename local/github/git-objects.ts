import { gitBytes } from './git.ts';

export interface GitObject {
  oid: string;
  type: string;
  content: Buffer;
}

export interface TreeEntry {
  /** Octal, as in the tree: `100644`, `100755`, `120000`, `40000`, `160000`. */
  mode: string;
  name: string;
  oid: string;
}

export interface Person {
  name: string;
  email: string;
  /** ISO 8601 with the person's own time zone. */
  date: string;
}

export interface GitCommit {
  oid: string;
  tree: string;
  parents: string[];
  author: Person;
  committer: Person;
  message: string;
}

const bytesOfOid = 20;

/**
 * Reads objects of a bare repository in one process. `names` are whatever git resolves: `HEAD:docker`, an object id, a ref.
 * @returns one entry for each name; undefined where there is no such object
 */
export async function readObjects(folder: string, names: readonly string[]): Promise<(GitObject | undefined)[]> {
  // A name with a line break would be read as two names and shift all answers.
  const asked = names.map((name) => (/[\n\0]/.test(name) || name === '' ? 'no-such-object:' : name));
  if (asked.length === 0) return [];
  const output = await gitBytes(folder, ['cat-file', '--batch'], `${asked.join('\n')}\n`);
  let offset = 0;
  return asked.map(() => {
    const lineEnd = output.indexOf('\n', offset);
    const [oid = '', type = '', size = ''] = output.toString('utf8', offset, lineEnd).split(' ');
    offset = lineEnd + 1;
    // `<name> missing` and `<name> ambiguous`: no content follows.
    if (!/^[0-9a-f]{40}$/.test(oid) || !/^(blob|tree|commit|tag)$/.test(type)) return undefined;
    const content = output.subarray(offset, offset + Number(size));
    offset += Number(size) + 1;
    return { oid, type, content };
  });
}

/** Reads one object; see `readObjects`. */
export async function readObject(folder: string, name: string): Promise<GitObject | undefined> {
  return (await readObjects(folder, [name]))[0];
}

/** Follows annotated tags to the commit they are about. */
export async function readCommit(folder: string, name: string): Promise<GitCommit | undefined> {
  const object = await readObject(folder, `${name}^{commit}`);
  return object?.type === 'commit' ? parseCommit(object) : undefined;
}

export function parseTree(content: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let offset = 0; offset < content.length; ) {
    const space = content.indexOf(' ', offset);
    const nul = content.indexOf(0, space);
    entries.push({
      mode: content.toString('latin1', offset, space),
      name: content.toString('utf8', space + 1, nul),
      oid: content.toString('hex', nul + 1, nul + 1 + bytesOfOid),
    });
    offset = nul + 1 + bytesOfOid;
  }
  return entries;
}

/** Kind of object that a tree entry points at. */
export function entryType(mode: string): 'tree' | 'commit' | 'blob' {
  if (mode === '40000') return 'tree';
  return mode === '160000' ? 'commit' : 'blob';
}

export function parseCommit({ oid, content }: GitObject): GitCommit {
  const text = content.toString();
  const split = text.indexOf('\n\n');
  const header = text.slice(0, split).split('\n');
  const values = (key: string) =>
    header.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  return {
    oid,
    tree: values('tree')[0] ?? '',
    parents: values('parent'),
    author: parsePerson(values('author')[0] ?? ''),
    committer: parsePerson(values('committer')[0] ?? ''),
    message: text.slice(split + 2).replace(/\n$/, ''),
  };
}

function parsePerson(line: string): Person {
  const match = /^(.*?) ?<(.*)> (\d+) ([+-])(\d\d)(\d\d)$/.exec(line);
  const [, name = '', email = '', seconds = '0', sign = '+', hours = '00', minutes = '00'] = match ?? [];
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
  const local = new Date((Number(seconds) + offset) * 1000).toISOString().slice(0, 19);
  return { name, email, date: `${local}${offset === 0 ? 'Z' : `${sign}${hours}:${minutes}`}` };
}
