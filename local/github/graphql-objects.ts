import { entryType, type GitObject, parseCommit, parseTree, readObjects } from './git-objects.ts';
import { nodeId } from './representations.ts';

/** Reads one git object of a bare repository by any name that git resolves. */
export type ObjectLoader = (name: string) => Promise<GitObject | undefined>;

/** GitHub cuts the text of larger blobs. */
const mostTextBytes = 512_000;
/** Processes of git at the same time. */
const mostProcesses = 8;

/**
 * Loaders for one query. What one level of the query wants from a repository is read in one process, and nothing is
 * read twice.
 */
export function objectLoaders(): (folder: string) => ObjectLoader {
  const loaders = new Map<string, ObjectLoader>();
  const limit = limiter(mostProcesses);
  return (folder) => {
    const existing = loaders.get(folder);
    if (existing !== undefined) return existing;
    const loader = objectLoader(folder, limit);
    loaders.set(folder, loader);
    return loader;
  };
}

function objectLoader(folder: string, limit: <T>(work: () => Promise<T>) => Promise<T>): ObjectLoader {
  const known = new Map<string, Promise<GitObject | undefined>>();
  let waiting: { name: string; resolve(value: Promise<GitObject | undefined>): void }[] = [];

  function flush(): void {
    const batch = waiting;
    waiting = [];
    const read = limit(() =>
      readObjects(
        folder,
        batch.map(({ name }) => name),
      ),
    );
    for (const [index, { resolve }] of batch.entries()) resolve(read.then((objects) => objects[index]));
  }

  return (name) => {
    let answer = known.get(name);
    if (answer === undefined) {
      answer = new Promise((resolve) => {
        if (waiting.length === 0) setImmediate(flush);
        waiting.push({ name, resolve });
      });
      known.set(name, answer);
    }
    return answer;
  };
}

function limiter(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const queue: (() => void)[] = [];
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => queue.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}

/**
 * Fields of `Blob`, `Tree`, `Commit` or `Tag`.
 * @param web address of the repository
 * @param path where a tree was found, as far as the query tells
 */
export function objectFields(object: GitObject, load: ObjectLoader, web: string, path = ''): Record<string, unknown> {
  const shared = {
    id: nodeId('GO', object.oid),
    oid: object.oid,
    abbreviatedOid: object.oid.slice(0, 7),
    commitUrl: `${web}/commit/${object.oid}`,
  };
  if (object.type === 'blob') return { __typename: 'Blob', ...shared, ...blobFields(object) };
  if (object.type === 'tree') {
    return { __typename: 'Tree', ...shared, entries: () => treeEntries(object, load, web, path) };
  }
  if (object.type === 'commit') return { __typename: 'Commit', ...shared, ...commitFields(object, load, web) };
  return {
    __typename: 'Tag',
    ...shared,
    target: async () => {
      const target = await load(/^object (\w+)/m.exec(object.content.toString())?.[1] ?? '');
      return target && objectFields(target, load, web);
    },
  };
}

function blobFields({ content }: GitObject): Record<string, unknown> {
  const isBinary = content.includes(0);
  const isTruncated = content.length > mostTextBytes;
  return {
    byteSize: content.length,
    isBinary,
    isTruncated,
    text: isBinary ? null : content.toString('utf8', 0, Math.min(content.length, mostTextBytes)),
  };
}

function treeEntries(tree: GitObject, load: ObjectLoader, web: string, folder: string): Record<string, unknown>[] {
  return parseTree(tree.content).map(({ mode, name, oid }) => {
    const path = folder === '' ? name : `${folder}/${name}`;
    const type = entryType(mode);
    // A submodule's commit is in another repository.
    const read = async () => (type === 'commit' ? undefined : await load(oid));
    return {
      name,
      path,
      oid,
      mode: Number.parseInt(mode, 8),
      type,
      extension: /\.[^.]*$/.exec(name)?.[0] ?? '',
      size: async () => (type === 'blob' ? ((await read())?.content.length ?? 0) : 0),
      object: async () => {
        const object = await read();
        return object && objectFields(object, load, web, path);
      },
    };
  });
}

function commitFields(object: GitObject, load: ObjectLoader, web: string): Record<string, unknown> {
  const commit = parseCommit(object);
  const [headline = ''] = commit.message.split('\n');
  const utc = (date: string) => new Date(date).toISOString().replace(/\.\d+/, '');
  return {
    url: `${web}/commit/${object.oid}`,
    message: commit.message,
    messageHeadline: headline,
    messageBody: commit.message.slice(headline.length).trim(),
    committedDate: utc(commit.committer.date),
    authoredDate: utc(commit.author.date),
    author: commit.author,
    committer: commit.committer,
    tree: async () => {
      const tree = await load(commit.tree);
      return tree && objectFields(tree, load, web);
    },
  };
}
