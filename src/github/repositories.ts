/** What git holds in many repositories at once, read through GraphQL. */
import type { Problem } from '../problems.ts';
import { askInBatches, type Question, type Reply } from './batch.ts';
import { type GitHub, isObject } from './client.ts';
import { splitRepository } from './names.ts';

/** The head of a repository's default branch. */
export interface RepositorySnapshot {
  /** `owner/name` as GitHub spells it. */
  readonly repository: string;
  readonly defaultBranch: string;
  /** Commit that the default branch points at. */
  readonly head: string;
  /** Archived or disabled: nothing runs there. */
  readonly inactive: boolean;
  /** Text of `images.yaml`; absent when there is none. */
  readonly config?: string;
  /** Paths in `docker/`, two levels deep. */
  readonly paths: readonly string[];
}

export interface Discovery {
  readonly repositories: readonly RepositorySnapshot[];
  /** What could not be read: it is left out, and stops nothing. */
  readonly problems: readonly Problem[];
}

const repositoriesInQuery = 25;
const objectsInQuestion = 40;
const questionsInQuery = 5;

/** Reads the default branches of a list of repositories. Empty ones are left out. */
export async function discoverFleet(
  github: GitHub,
  names: readonly string[],
  configFile = 'images.yaml',
): Promise<Discovery> {
  const questions = names.map((repository): Question => {
    const { owner, name } = splitRepository(repository);
    return (argument) => `repository(owner: ${argument(owner)}, name: ${argument(name)}) {
  nameWithOwner isArchived isDisabled
  defaultBranchRef { name target { oid } }
  config: object(expression: ${argument(`HEAD:${configFile}`)}) { ... on Blob { text isTruncated } }
  docker: object(expression: ${argument('HEAD:docker')}) { ...Folder }
}`;
  });
  const fragment =
    'fragment Folder on GitObject { ... on Tree { entries { path type object { ... on Tree { entries { path type } } } } } }';
  const replies = await askInBatches(github, 'Fleet', questions, repositoriesInQuery, fragment);
  const repositories: RepositorySnapshot[] = [];
  const problems: Problem[] = [];
  for (const [index, name] of names.entries()) {
    const reply = replies[index];
    if (reply?.data === undefined) problems.push(unreadable(name, reply));
    else {
      const snapshot = readSnapshot(reply.data);
      if (snapshot !== undefined) repositories.push(snapshot);
    }
  }
  return { repositories, problems };
}

function readSnapshot(data: Readonly<Record<string, unknown>>): RepositorySnapshot | undefined {
  const branch = data.defaultBranchRef;
  if (!isObject(branch) || !isObject(branch.target)) return undefined;
  const config = isObject(data.config) ? data.config.text : undefined;
  const top = entriesOf(data.docker);
  const below = top.flatMap(({ object }) => entriesOf(object));
  return {
    repository: String(data.nameWithOwner),
    defaultBranch: String(branch.name),
    head: String(branch.target.oid),
    inactive: data.isArchived === true || data.isDisabled === true,
    ...(typeof config === 'string' ? { config } : {}),
    paths: [...top, ...below].map(({ path }) => path),
  };
}

function entriesOf(tree: unknown): { readonly path: string; readonly object: unknown }[] {
  if (!isObject(tree) || !Array.isArray(tree.entries)) return [];
  return tree.entries.filter(isObject).map(({ path, object }) => ({ path: String(path), object }));
}

export interface GitObject {
  readonly id: string;
  readonly type: 'blob' | 'tree' | 'commit';
  /** Of a blob that is text. */
  readonly text?: string;
}

export interface ObjectsRequest {
  readonly repository: string;
  readonly revision: string;
  /** Repository paths; `.` is the root. */
  readonly paths: readonly string[];
}

/**
 * Reads objects by their paths; what does not exist is missing in the map, whose keys are the paths.
 * The answers have the order of the requests.
 */
export async function readObjects(
  github: GitHub,
  requests: readonly ObjectsRequest[],
): Promise<Map<string, GitObject>[]> {
  const parts = requests.flatMap(({ paths, ...rest }, index) =>
    chunks(paths, objectsInQuestion).map((some) => ({ ...rest, index, paths: some })),
  );
  const questions = parts.map(({ repository, revision, paths }): Question => {
    const { owner, name } = splitRepository(repository);
    return (argument) => {
      const objects = paths.map((path, at) => {
        const expression = argument(`${revision}:${path === '.' ? '' : path}`);
        return `o${at}: object(expression: ${expression}) { __typename oid ... on Blob { text isTruncated } }`;
      });
      return `repository(owner: ${argument(owner)}, name: ${argument(name)}) {\n${objects.join('\n')}\n}`;
    };
  });
  const replies = await askInBatches(github, 'Objects', questions, questionsInQuery);
  const found = requests.map(() => new Map<string, GitObject>());
  for (const [at, { index, paths }] of parts.entries())
    for (const [position, path] of paths.entries()) {
      const object = readObject(replies[at]?.data?.[`o${position}`]);
      if (object !== undefined) found[index]?.set(path, object);
    }
  return found;
}

function readObject(data: unknown): GitObject | undefined {
  if (!isObject(data) || typeof data.oid !== 'string') return undefined;
  const type = data.__typename === 'Tree' ? 'tree' : data.__typename === 'Blob' ? 'blob' : 'commit';
  const text = typeof data.text === 'string' && data.isTruncated !== true ? { text: data.text } : {};
  return { id: data.oid, type, ...text };
}

export interface BranchCommit {
  /** Absent where there is no such branch or tag. */
  readonly commit?: string;
  /** Why the repository can't be read. */
  readonly problem?: Problem;
}

const commitPattern = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** The commits that branches (or, where there is no such branch, tags) of other repositories point at, in the order asked. */
export async function branchCommits(
  github: GitHub,
  refs: readonly { readonly repository: string; readonly ref: string }[],
): Promise<BranchCommit[]> {
  const questions = refs.map(({ repository, ref }): Question => {
    const { owner, name } = splitRepository(repository);
    return (argument) => `repository(owner: ${argument(owner)}, name: ${argument(name)}) {
  branch: ref(qualifiedName: ${argument(`refs/heads/${ref}`)}) { target { oid } }
  tag: ref(qualifiedName: ${argument(`refs/tags/${ref}`)}) { target { oid ... on Tag { target { oid } } } }
}`;
  });
  const replies = await askInBatches(github, 'Branches', questions, repositoriesInQuery);
  return refs.map(({ repository, ref }, index) => {
    if (commitPattern.test(ref)) return { commit: ref };
    const reply = replies[index];
    if (reply?.data === undefined) return { problem: unreadable(repository, reply) };
    const commit = targetOf(reply.data.branch) ?? targetOf(reply.data.tag);
    return commit === undefined ? {} : { commit };
  });
}

function targetOf(ref: unknown): string | undefined {
  if (!isObject(ref) || !isObject(ref.target)) return undefined;
  // An annotated tag is an object of its own, that points at the commit.
  const { oid, target } = ref.target;
  if (isObject(target) && typeof target.oid === 'string') return target.oid;
  return typeof oid === 'string' ? oid : undefined;
}

function unreadable(repository: string, reply: Reply | undefined): Problem {
  const errors = reply?.errors ?? [];
  if (errors.length === 0 || errors.some(({ type }) => type === 'NOT_FOUND'))
    return {
      message: `${repository} does not exist, or the token has no access to it`,
      hint: "look at its name in 'fleet', and at the token's permission 'contents: read' there",
    };
  return { message: `${repository} can't be read: ${errors.map(({ message }) => message).join('; ')}` };
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  const parts: Item[][] = [];
  for (let start = 0; start < items.length; start += size) parts.push(items.slice(start, start + size));
  return parts;
}
