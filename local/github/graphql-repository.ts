import { readRefs } from './git.ts';
import { connection, type PageArguments } from './graphql-connection.ts';
import { type ObjectLoader, objectFields } from './graphql-objects.ts';
import { canRead, canWrite, type Identity } from './identity.ts';
import { nodeId } from './representations.ts';
import type { Repository, World } from './world.ts';

export interface GraphQLContext {
  world: World;
  identity: Identity;
  loaders: (folder: string) => ObjectLoader;
  owner(login: string): Record<string, unknown>;
}

export interface RepositoryFilter {
  isArchived?: boolean | null;
  isFork?: boolean | null;
  privacy?: 'PUBLIC' | 'PRIVATE' | null;
  visibility?: 'PUBLIC' | 'PRIVATE' | 'INTERNAL' | null;
  orderBy?: { field: string; direction: 'ASC' | 'DESC' } | null;
}

/** An owner's repositories that the caller may see, filtered and in order. */
export function selectRepositories(
  world: World,
  identity: Identity,
  login: string,
  filter: RepositoryFilter,
): Repository[] {
  const wanted = (value: boolean, expected: boolean | null | undefined) => expected == null || value === expected;
  const visibility = filter.visibility ?? filter.privacy;
  return [...world.repositories.values()]
    .filter((repository) => repository.owner.toLowerCase() === login.toLowerCase() && canRead(identity, repository))
    .filter((repository) => wanted(repository.archived, filter.isArchived))
    .filter((repository) => wanted(repository.parent !== null, filter.isFork))
    .filter((repository) => visibility == null || repository.private === (visibility !== 'PUBLIC'))
    .sort(order(filter.orderBy));
}

function order(by: RepositoryFilter['orderBy']): (a: Repository, b: Repository) => number {
  const sign = by?.direction === 'DESC' ? -1 : 1;
  const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));
  if (by?.field === 'NAME') return (a, b) => sign * compare(a.name, b.name);
  if (by?.field === 'PUSHED_AT' || by?.field === 'UPDATED_AT') {
    return (a, b) => sign * compare(a.pushedAt, b.pushedAt);
  }
  return (a, b) => sign * (a.id - b.id);
}

/** Fields of `Repository`. */
export function repositoryFields(context: GraphQLContext, repository: Repository): Record<string, unknown> {
  const { world, identity } = context;
  const load = context.loaders(repository.folder);
  const web = `${world.urls.server}/${repository.fullName}`;

  async function object({ expression, oid }: { expression?: string | null; oid?: string | null }): Promise<unknown> {
    const found = await load(oid ?? expression ?? '');
    const path = /:(.*)$/s.exec(expression ?? '')?.[1] ?? '';
    return found === undefined ? null : objectFields(found, load, web, path.replace(/\/$/, ''));
  }

  function refFields(name: string): Record<string, unknown> {
    const [, prefix = '', short = ''] = /^(refs\/[^/]+\/)(.*)$/.exec(name) ?? [];
    return {
      __typename: 'Ref',
      id: nodeId('REF', `${repository.id}:${name}`),
      name: short,
      prefix,
      target: () => object({ expression: name }),
    };
  }

  async function ref({ qualifiedName }: { qualifiedName: string }): Promise<unknown> {
    const refs = await readRefs(repository.folder);
    const candidates = [qualifiedName, `refs/heads/${qualifiedName}`, `refs/tags/${qualifiedName}`];
    const name = candidates.find((candidate) => refs.has(candidate));
    return name === undefined ? null : refFields(name);
  }

  return {
    __typename: 'Repository',
    id: nodeId('R', repository.id),
    databaseId: repository.id,
    name: repository.name,
    nameWithOwner: repository.fullName,
    owner: () => context.owner(repository.owner),
    url: web,
    description: null,
    createdAt: repository.createdAt,
    updatedAt: repository.pushedAt,
    pushedAt: repository.pushedAt,
    isArchived: repository.archived,
    isDisabled: false,
    isFork: repository.parent !== null,
    isLocked: false,
    isMirror: false,
    isPrivate: repository.private,
    isTemplate: false,
    isEmpty: async () => (await readRefs(repository.folder)).size === 0,
    visibility: repository.private ? 'PRIVATE' : 'PUBLIC',
    viewerPermission: canWrite(identity, repository) ? 'WRITE' : 'READ',
    parent: () => repository.parent && repositoryFields(context, repository.parent),
    repositoryTopics: (args: PageArguments) =>
      connection(
        'repositoryTopics',
        repository.topics.map((name) => ({
          __typename: 'RepositoryTopic',
          id: nodeId('RT', `${repository.id}:${name}`),
          url: `${world.urls.server}/topics/${name}`,
          topic: { __typename: 'Topic', id: nodeId('T', name), name },
        })),
        args,
      ),
    defaultBranchRef: async () => {
      const name = `refs/heads/${repository.defaultBranch}`;
      return (await load(name)) === undefined ? null : refFields(name);
    },
    object,
    ref,
    pullRequests: ({ states, ...page }: { states?: readonly string[] | null } & PageArguments) => {
      // All of this GitHub's are open.
      const open = states == null || states.includes('OPEN');
      const pulls = open ? world.pullRequests.filter((pull) => pull.repository === repository) : [];
      const fields = pulls.map((pull) => ({
        __typename: 'PullRequest',
        id: nodeId('PR', pull.id),
        number: pull.number,
        headRefName: pull.head,
        baseRefName: pull.base,
        title: pull.title,
        state: 'OPEN',
      }));
      return connection('pullRequests', fields, page);
    },
    refs: async ({ refPrefix, query, ...page }: { refPrefix: string; query?: string | null } & PageArguments) => {
      const names = [...(await readRefs(repository.folder)).keys()].filter(
        (name) => name.startsWith(refPrefix) && name.slice(refPrefix.length).includes(query ?? ''),
      );
      return connection('refs', names.map(refFields), page);
    },
  };
}
