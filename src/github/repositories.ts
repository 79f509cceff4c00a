/** The repositories of a fleet and what their default branches hold, read through GraphQL. */
import type { Problem } from '../problems.ts';
import { askInBatches, type Question, type Reply } from './batch.ts';
import { type GitHub, isObject } from './client.ts';
import { type FleetEntry, splitRepository } from './names.ts';

/** The head of a repository's default branch. */
export interface RepositoryHead {
  /** `owner/name` as GitHub spells it. */
  readonly repository: string;
  readonly defaultBranch: string;
  /** Commit that the default branch points at. */
  readonly head: string;
  /** Archived or disabled: nothing runs there. */
  readonly inactive: boolean;
}

/** What of a commit tells which images a repository holds: it never changes. */
export interface RepositoryContent {
  /** Text of `images.yaml`; absent when there is none. */
  readonly config?: string;
  /** Paths in `docker/`, three levels deep. */
  readonly paths: readonly string[];
}

export interface RepositorySnapshot extends RepositoryHead, RepositoryContent {}

export interface Discovery {
  readonly repositories: readonly RepositorySnapshot[];
  /** What could not be read: it is left out, and stops nothing. */
  readonly problems: readonly Problem[];
}

export interface DiscoveryOptions {
  /** Contents of commits that were read before. */
  readonly known?: KnownContents;
  /** The commit to look at of one repository, instead of its default branch. */
  readonly at?: { readonly repository: string; readonly revision: string };
}

export interface KnownContents {
  /** Whether any commit of a repository is known, so that its head is worth asking for alone. */
  has(repository: string): boolean;
  get(repository: string, commit: string): RepositoryContent | undefined;
}

const configFile = 'images.yaml';
const headsInQuery = 100;
/** Three levels of folders for each: more at once, and GitHub runs out of time. */
const contentsInQuery = 25;

const headFields = 'nameWithOwner isArchived isDisabled defaultBranchRef { name target { oid } }';
const entries = (below: string): string => `... on Tree { entries { path type${below} } }`;
const folderFragment = `fragment Folder on GitObject { ${entries(` object { ${entries(` object { ${entries('')} }`)} }`)} }`;

interface FoundHead extends RepositoryHead {
  readonly content?: RepositoryContent;
}

/**
 * Finds the repositories of a fleet, and reads `images.yaml` and the paths below `docker/` of their default branches.
 * Empty repositories are left out; of an owner's, those without `images.yaml` and those where nothing runs as well.
 */
export async function discoverFleet(
  github: GitHub,
  entries: readonly FleetEntry[],
  { known, at }: DiscoveryOptions = {},
): Promise<Discovery> {
  const names = entries.flatMap((entry) => (entry.kind === 'repository' ? [entry.repository] : []));
  const pinned = at?.repository.toLowerCase();
  const headOnly = (name: string): boolean => known?.has(name) === true || name.toLowerCase() === pinned;
  const [seen, unseen] = [names.filter(headOnly), names.filter((name) => !headOnly(name))];
  const parts = await Promise.all([
    readListed(github, unseen, contentsInQuery, contentFields),
    readListed(github, seen, headsInQuery),
    ...entries.flatMap((entry) => (entry.kind === 'owner' ? [readOwned(github, entry)] : [])),
  ]);
  const heads = new Map<string, FoundHead>();
  for (const head of parts.flatMap((part) => part.heads)) {
    const name = head.repository.toLowerCase();
    const { content, ...rest } = head;
    // What belongs to another commit than the one asked for must not be taken for its content.
    if (name === pinned && at !== undefined) heads.set(name, { ...rest, head: at.revision });
    else if (!heads.has(name) || content !== undefined) heads.set(name, head);
  }
  const open: RepositoryHead[] = [];
  const contents = new Map<string, RepositoryContent>();
  for (const [name, { repository, head, content, ...rest }] of heads) {
    const found = content ?? known?.get(repository, head);
    if (found !== undefined) contents.set(name, found);
    else if (!rest.inactive) open.push({ repository, head, ...rest });
  }
  for (const [index, content] of (await readContents(github, open)).entries())
    contents.set(open[index]?.repository.toLowerCase() ?? '', content);
  const none: RepositoryContent = { paths: [] };
  return {
    repositories: [...heads].map(([name, { content: _, ...head }]) => ({ ...head, ...(contents.get(name) ?? none) })),
    problems: parts.flatMap((part) => part.problems),
  };
}

interface Part {
  readonly heads: readonly FoundHead[];
  readonly problems: readonly Problem[];
}

type Fields = (argument: (value: string) => string, revision: string) => string;

const contentFields: Fields = (
  argument,
  revision,
) => `config: object(expression: ${argument(`${revision}:${configFile}`)}) { ... on Blob { text isTruncated } }
  docker: object(expression: ${argument(`${revision}:docker`)}) { ...Folder }`;

async function readListed(github: GitHub, names: readonly string[], size: number, fields?: Fields): Promise<Part> {
  const questions = names.map((repository): Question => {
    const { owner, name } = splitRepository(repository);
    return (argument) => `repository(owner: ${argument(owner)}, name: ${argument(name)}) {
  ${headFields}
  ${fields?.(argument, 'HEAD') ?? ''}
}`;
  });
  const replies = await askInBatches(github, 'Fleet', questions, size, fields === undefined ? '' : folderFragment);
  const heads: FoundHead[] = [];
  const problems: Problem[] = [];
  for (const [index, name] of names.entries()) {
    const data = replies[index]?.data;
    if (data === undefined) {
      problems.push(unreadable(name, replies[index]));
      continue;
    }
    const head = readHead(data);
    if (head !== undefined) heads.push(fields === undefined ? head : { ...head, content: readContent(data) });
  }
  return { heads, problems };
}

const ownerQuery = `query Owner($login: String!, $cursor: String) {
  repositoryOwner(login: $login) {
    repositories(first: 100, after: $cursor, ownerAffiliations: [OWNER], isArchived: false, orderBy: { field: NAME, direction: ASC }) {
      pageInfo { hasNextPage endCursor }
      nodes {
        ${headFields}
        config: object(expression: "HEAD:${configFile}") { oid }
        repositoryTopics(first: 20) { nodes { topic { name } } }
      }
    }
  }
}`;

/** Page by page, since the search API ends at 1,000 results. */
async function readOwned(github: GitHub, { owner, topic }: FleetEntry & { kind: 'owner' }): Promise<Part> {
  const heads: FoundHead[] = [];
  let cursor: string | undefined;
  do {
    const { data, errors } = await github.query(ownerQuery, {
      login: owner,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const found = isObject(data.repositoryOwner) ? data.repositoryOwner.repositories : undefined;
    if (!isObject(found) || !Array.isArray(found.nodes))
      return {
        heads,
        problems: [
          unreadableOwner(
            owner,
            errors.map(({ message }) => message),
          ),
        ],
      };
    for (const node of found.nodes.filter(isObject)) {
      const head = readHead(node);
      const wanted = topic === undefined || topicsOf(node).includes(topic);
      if (wanted && head?.inactive === false && isObject(node.config)) heads.push(head);
    }
    const page = isObject(found.pageInfo) ? found.pageInfo : {};
    cursor = page.hasNextPage === true && typeof page.endCursor === 'string' ? page.endCursor : undefined;
  } while (cursor !== undefined);
  return { heads, problems: heads.length === 0 ? [emptyOwner(owner, topic)] : [] };
}

function topicsOf({ repositoryTopics }: Readonly<Record<string, unknown>>): readonly string[] {
  if (!isObject(repositoryTopics) || !Array.isArray(repositoryTopics.nodes)) return [];
  return repositoryTopics.nodes.flatMap((node) =>
    isObject(node) && isObject(node.topic) ? [String(node.topic.name)] : [],
  );
}

async function readContents(github: GitHub, heads: readonly RepositoryHead[]): Promise<RepositoryContent[]> {
  const questions = heads.map(({ repository, head }): Question => {
    const { owner, name } = splitRepository(repository);
    return (argument) => `repository(owner: ${argument(owner)}, name: ${argument(name)}) {
  ${contentFields(argument, head)}
}`;
  });
  const replies = await askInBatches(github, 'Contents', questions, contentsInQuery, folderFragment);
  return replies.map(({ data }) => readContent(data ?? {}));
}

function readHead(data: Readonly<Record<string, unknown>>): RepositoryHead | undefined {
  const branch = data.defaultBranchRef;
  if (!isObject(branch) || !isObject(branch.target)) return undefined;
  return {
    repository: String(data.nameWithOwner),
    defaultBranch: String(branch.name),
    head: String(branch.target.oid),
    inactive: data.isArchived === true || data.isDisabled === true,
  };
}

function readContent(data: Readonly<Record<string, unknown>>): RepositoryContent {
  const config = isObject(data.config) ? data.config.text : undefined;
  const top = entriesOf(data.docker);
  const below = top.flatMap(({ object }) => entriesOf(object));
  const grouped = below.flatMap(({ object }) => entriesOf(object));
  const paths = [...top, ...below, ...grouped].map(({ path }) => path);
  return { ...(typeof config === 'string' ? { config } : {}), paths };
}

function entriesOf(tree: unknown): { readonly path: string; readonly object: unknown }[] {
  if (!isObject(tree) || !Array.isArray(tree.entries)) return [];
  return tree.entries.filter(isObject).map(({ path, object }) => ({ path: String(path), object }));
}

export function unreadable(repository: string, reply: Reply | undefined): Problem {
  const errors = reply?.errors ?? [];
  if (errors.length === 0 || errors.some(({ type }) => type === 'NOT_FOUND'))
    return {
      message: `${repository} does not exist, or the token has no access to it`,
      hint: "look at its name in 'fleet', and at the token's permission 'contents: read' there",
    };
  return { message: `${repository} can't be read: ${errors.map(({ message }) => message).join('; ')}` };
}

function unreadableOwner(owner: string, messages: readonly string[]): Problem {
  const why = messages.length === 0 ? 'there is no such organisation or user' : messages.join('; ');
  return { message: `the repositories of ${owner} can't be listed: ${why}`, hint: "look at the name in 'fleet'" };
}

function emptyOwner(owner: string, topic: string | undefined): Problem {
  const which = topic === undefined ? '' : ` and the topic '${topic}'`;
  return {
    message: `${owner} has no repository with ${configFile}${which} that the token can see`,
    hint: "look at 'fleet', and at the repositories that the GitHub App of the token is installed in",
  };
}
