/** What runs of GitHub Actions left in a repository: artifacts and caches. */
import { fail } from '../problems.ts';
import { type Answer, type GitHub, isObject, messageOf } from './client.ts';
import { splitRepository } from './names.ts';

export interface StoredItem {
  readonly kind: 'artifact' | 'cache';
  readonly id: number;
  /** Name of the artifact, key of the cache. */
  readonly name: string;
  /** Full ref (`refs/heads/x`, `refs/pull/1/merge`) of a cache; branch of an artifact's run, where GitHub tells. */
  readonly ref?: string;
  /** ISO 8601: when an artifact was made, and a cache was read last. */
  readonly usedAt: string;
  /** Bytes. */
  readonly size: number;
}

export interface Branches {
  readonly defaultBranch: string;
  readonly branches: ReadonlySet<string>;
  /** Numbers. */
  readonly openPullRequests: ReadonlySet<string>;
}

const pageSize = 100;

/** Artifacts that have not expired, and caches. */
export async function listStoredItems(github: GitHub, repository: string): Promise<StoredItem[]> {
  const artifacts = await listAll(github, repository, 'artifacts', 'artifacts', readArtifact);
  const caches = await listAll(github, repository, 'caches', 'actions_caches', readCache);
  return [...artifacts, ...caches];
}

async function listAll(
  github: GitHub,
  repository: string,
  path: string,
  field: string,
  read: (data: Readonly<Record<string, unknown>>) => StoredItem | undefined,
): Promise<StoredItem[]> {
  const { owner, name } = splitRepository(repository);
  const items = new Map<number, StoredItem>();
  for (let page = 1; ; page += 1) {
    const parameters = { owner, repo: name, per_page: pageSize, page };
    const answer = await github.request(`GET /repos/{owner}/{repo}/actions/${path}`, parameters);
    const list = isObject(answer.data) ? answer.data[field] : undefined;
    if (answer.status !== 200 || !Array.isArray(list)) return refuse(`the ${path} of ${repository}`, answer);
    for (const data of list) {
      const item = isObject(data) ? read(data) : undefined;
      if (item !== undefined) items.set(item.id, item);
    }
    if (!answer.more) return [...items.values()];
  }
}

function readArtifact(data: Readonly<Record<string, unknown>>): StoredItem | undefined {
  if (typeof data.id !== 'number' || typeof data.created_at !== 'string' || data.expired === true) return undefined;
  const run = isObject(data.workflow_run) ? data.workflow_run : {};
  // A run of a pull request names the branch in the repository that it comes from, which may be another one.
  const own = run.head_repository_id === run.repository_id && typeof run.head_branch === 'string';
  return {
    kind: 'artifact',
    id: data.id,
    name: String(data.name),
    ...(own ? { ref: `refs/heads/${run.head_branch}` } : {}),
    usedAt: data.created_at,
    size: Number(data.size_in_bytes),
  };
}

function readCache(data: Readonly<Record<string, unknown>>): StoredItem | undefined {
  if (typeof data.id !== 'number' || typeof data.last_accessed_at !== 'string') return undefined;
  return {
    kind: 'cache',
    id: data.id,
    name: String(data.key),
    ...(typeof data.ref === 'string' ? { ref: data.ref } : {}),
    usedAt: data.last_accessed_at,
    size: Number(data.size_in_bytes),
  };
}

/** @returns why it is still there; `undefined` when it is not */
export async function deleteStoredItem(
  github: GitHub,
  repository: string,
  { kind, id }: StoredItem,
): Promise<string | undefined> {
  const { owner, name } = splitRepository(repository);
  const answer = await github.request(`DELETE /repos/{owner}/{repo}/actions/${kind}s/{${kind}_id}`, {
    owner,
    repo: name,
    [`${kind}_id`]: id,
  });
  if ((answer.status >= 200 && answer.status < 300) || answer.status === 404) return undefined;
  return `${messageOf(answer.data)} (status ${answer.status})`;
}

/** What a repository has of branches and open pull requests: what is not in it is gone. */
export async function readBranches(github: GitHub, repository: string): Promise<Branches> {
  const { owner, name } = splitRepository(repository);
  const branches = await listNames(github, owner, name, 'refs', 'refPrefix: "refs/heads/"', 'name');
  const pulls = await listNames(github, owner, name, 'pullRequests', 'states: OPEN', 'number');
  return { defaultBranch: branches.defaultBranch, branches: branches.names, openPullRequests: pulls.names };
}

async function listNames(
  github: GitHub,
  owner: string,
  name: string,
  connection: 'refs' | 'pullRequests',
  filter: string,
  field: string,
): Promise<{ readonly defaultBranch: string; readonly names: ReadonlySet<string> }> {
  const names = new Set<string>();
  for (let after: string | undefined; ; ) {
    const variables = { owner, name, ...(after === undefined ? {} : { after }) };
    const declared = Object.keys(variables).map((variable) => `$${variable}: String!`);
    const { data, errors } = await github.query(
      `query Branches(${declared.join(', ')}) {
  repository(owner: $owner, name: $name) {
    defaultBranchRef { name }
    list: ${connection}(first: ${pageSize}, ${filter}${after === undefined ? '' : ', after: $after'}) {
      nodes { ${field} }
      pageInfo { hasNextPage endCursor }
    }
  }
}`,
      variables,
    );
    const repository = isObject(data.repository) ? data.repository : {};
    const list = isObject(repository.list) ? repository.list : undefined;
    if (list === undefined || !Array.isArray(list.nodes))
      return fail(
        `the branches of ${owner}/${name} can't be read: ${errors.map(({ message }) => message).join('; ')}`,
        {
          hint: "give the job 'permissions: contents: read, pull-requests: read'",
        },
      );
    for (const node of list.nodes) if (isObject(node)) names.add(String(node[field]));
    const info = isObject(list.pageInfo) ? list.pageInfo : {};
    if (info.hasNextPage !== true || typeof info.endCursor !== 'string') {
      const branch = repository.defaultBranchRef;
      return { defaultBranch: isObject(branch) ? String(branch.name) : '', names };
    }
    after = info.endCursor;
  }
}

function refuse(what: string, { status, data }: Answer): never {
  return fail(`GitHub does not show ${what}: ${messageOf(data)} (status ${status})`, {
    hint: "give the job 'permissions: actions: write', or leave the inputs 'artifacts' and 'caches' empty",
  });
}
