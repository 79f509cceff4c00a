/** Objects of git by their paths, and the commits of branches, of many repositories at once, read through GraphQL. */
import type { Problem } from '../problems.ts';
import { askInBatches, type Question } from './batch.ts';
import { type GitHub, isObject } from './client.ts';
import { splitRepository } from './names.ts';
import { unreadable } from './repositories.ts';

const repositoriesInQuery = 25;
const objectsInQuestion = 40;
const questionsInQuery = 5;

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

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  const parts: Item[][] = [];
  for (let start = 0; start < items.length; start += size) parts.push(items.slice(start, start + size));
  return parts;
}
