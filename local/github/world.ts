import { existsSync, mkdirSync } from 'node:fs';
import { appendFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { git } from './git.ts';
import type { Tokens } from './identity.ts';
import type { PackageState } from './packages.ts';
import type { GitHubEvent, RepositoryOptions, RunRecord, StoredArtifact, StoredCache } from './types.ts';

export interface Repository {
  id: number;
  owner: string;
  name: string;
  fullName: string;
  /** The bare repository. */
  folder: string;
  defaultBranch: string;
  topics: string[];
  archived: boolean;
  private: boolean;
  /** What it is a fork of. */
  parent: Repository | null;
  createdAt: string;
  pushedAt: string;
}

export interface PullRequest {
  id: number;
  number: number;
  repository: Repository;
  headRepository: Repository;
  head: string;
  base: string;
  headSha: string;
  baseSha: string;
  mergeSha: string;
  title: string;
  login: string;
  createdAt: string;
}

/** Everything that this GitHub holds. */
export interface World {
  owner: string;
  urls: { server: string; api: string; graphql: string };
  /** Folder of the bare repositories. */
  folder: string;
  repositories: Map<string, Repository>;
  pullRequests: PullRequest[];
  runs: Map<number, RunRecord & { createdAt: string; updatedAt: string }>;
  packages: PackageState;
  artifacts: StoredArtifact[];
  caches: StoredCache[];
  tokens: Tokens;
  violations: string[];
  log(line: string): void;
  emit(event: GitHubEvent): void;
  nextId(): number;
}

/** GitHub's names do not depend on case. */
export function findRepository(world: World, owner: string, name: string): Repository | undefined {
  return world.repositories.get(`${owner}/${name}`.toLowerCase());
}

/** @throws Error when there is none */
export function getRepository(world: World, fullName: string): Repository {
  const { owner, name } = splitName(world, fullName);
  const repository = findRepository(world, owner, name);
  if (repository === undefined) throw new Error(`there is no repository ${owner}/${name}; create it first`);
  return repository;
}

/** Makes an empty bare repository. @throws Error for a name that is taken or that GitHub would not accept */
export async function createRepository(
  world: World,
  fullName: string,
  options: RepositoryOptions & { parent?: Repository } = {},
): Promise<Repository> {
  const { owner, name } = splitName(world, fullName);
  if (!/^[\w.-]{1,100}$/.test(name) || !/^[\w-]{1,39}$/.test(owner)) {
    throw new Error(`${owner}/${name} is not a repository name: use letters, digits, ".", "-" and "_"`);
  }
  const key = `${owner}/${name}`.toLowerCase();
  const folder = join(world.folder, `${key}.git`);
  if (world.repositories.has(key) || existsSync(folder))
    throw new Error(`there is a repository ${owner}/${name} already`);
  const defaultBranch = options.defaultBranch ?? 'main';
  const now = new Date().toISOString().replace(/\.\d+/, '');
  const repository: Repository = {
    id: world.nextId(),
    owner,
    name,
    fullName: `${owner}/${name}`,
    folder,
    defaultBranch,
    topics: options.topics ?? [],
    archived: options.archived ?? false,
    private: options.private ?? false,
    parent: options.parent ?? null,
    createdAt: now,
    pushedAt: now,
  };
  // Two calls at once must not both find the name free.
  mkdirSync(folder, { recursive: true });
  await git(dirname(folder), ['init', '--quiet', '--bare', '--template=', folder]);
  await pointHead(repository);
  await appendFile(join(folder, 'config'), settings);
  // Nobody finds it before it is one.
  world.repositories.set(key, repository);
  return repository;
}

export async function deleteRepository(world: World, fullName: string): Promise<void> {
  const repository = getRepository(world, fullName);
  world.repositories.delete(repository.fullName.toLowerCase());
  await rm(repository.folder, { recursive: true, force: true });
}

export async function editRepository(world: World, fullName: string, change: RepositoryOptions): Promise<void> {
  const repository = getRepository(world, fullName);
  Object.assign(repository, change);
  await pointHead(repository);
}

/** Commit that the default branch points at; undefined as long as it has none. */
export async function defaultBranchHead(repository: Repository): Promise<string | undefined> {
  const name = `refs/heads/${repository.defaultBranch}`;
  const head = await git(repository.folder, ['for-each-ref', '--format=%(objectname)', name]);
  return head === '' ? undefined : head;
}

/** Written as files, since repositories are made often and each call of git takes its time. */
async function pointHead({ folder, defaultBranch }: Repository): Promise<void> {
  await writeFile(join(folder, 'HEAD'), `ref: refs/heads/${defaultBranch}\n`);
}

const settings = `[http]
\treceivepack = true
[uploadpack]
\tallowFilter = true
\tallowAnySHA1InWant = true
# GitHub alone writes these.
[receive]
\thideRefs = refs/pull
# No process may outlive the request that started it.
\tautogc = false
[gc]
\tauto = 0
`;

function splitName(world: World, fullName: string): { owner: string; name: string } {
  const slash = fullName.indexOf('/');
  if (slash < 0) return { owner: world.owner, name: fullName };
  return { owner: fullName.slice(0, slash), name: fullName.slice(slash + 1) };
}
