import type { LocalPackages } from './packages.ts';

export type EventName = 'push' | 'pull_request' | 'repository_dispatch' | 'workflow_dispatch' | 'schedule';

/** Something that may start workflows, as GitHub Actions sees it. */
export interface GitHubEvent {
  name: EventName;
  /** `owner/name` of the repository whose workflows it may start. */
  repository: string;
  /** GITHUB_REF of the runs. */
  ref: string;
  /** GITHUB_SHA of the runs: the merge commit for a pull request, the head of the default branch for a dispatch. */
  sha: string;
  /** The webhook payload, as GitHub documents it. */
  payload: Record<string, unknown>;
}

export interface GitHubOptions {
  /** Login of the organization that owns repositories named without an owner. */
  owner: string;
  log(line: string): void;
  onEvent(event: GitHubEvent): void;
  /** Further tokens of the maintainer, besides the one that is made up. */
  tokens?: string[];
}

export interface RepositoryOptions {
  /** Default: `main`. */
  defaultBranch?: string;
  topics?: string[];
  archived?: boolean;
  private?: boolean;
}

export interface CreatedRepository {
  fullName: string;
  /** The bare repository. */
  folder: string;
  cloneUrl: string;
}

export interface PullRequestOptions {
  /** Name, or `owner/name`, of the repository that is asked to pull. */
  repository: string;
  /** Branch with the changes: `branch`, or `owner:branch` for one in the fork of that owner. */
  head: string;
  base: string;
  /** The head is in the fork that `createFork` made for its default owner. */
  fork?: boolean;
  title?: string;
}

/** A run of a workflow, as the `actions/runs` list tells of it. */
export interface RunRecord {
  id: number;
  /** `owner/name` */
  repository: string;
  name: string;
  /** Path of the workflow file in its repository. */
  path: string;
  event: string;
  headBranch: string;
  headSha: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: 'success' | 'failure' | 'cancelled' | 'skipped' | null;
  /** ISO date; default: when the run was recorded first. */
  createdAt?: string;
  /** ISO date; default: when the run was recorded last. */
  updatedAt?: string;
}

export interface StoredArtifact {
  id: number;
  /** `owner/name` */
  repository: string;
  name: string;
  /** Head branch of the run that made it. */
  branch: string;
  /** Whether that branch is in a fork. */
  fork?: boolean;
  /** ISO date. */
  createdAt: string;
  size: number;
}

export interface StoredCache {
  id: number;
  /** `owner/name` */
  repository: string;
  key: string;
  /** E.g. `refs/heads/main`, `refs/pull/1/merge`. */
  ref: string;
  /** ISO date. */
  accessedAt: string;
  size: number;
}

export interface RecordedRequest {
  method: string;
  /** Path with query string. */
  path: string;
  /** `METHOD /template` of a REST operation, or the name of a GraphQL operation. */
  operation?: string;
}

/** What to do to the next requests that match, instead of (or after) answering them properly. */
export interface Fault {
  /** Matched against the path without query string, e.g. `/\/dispatches$/`. */
  path: RegExp;
  method?: string;
  /** How many requests it hits; default 1. */
  times?: number;
  /** Status of the answer; required unless `reset`. */
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  /** Cut the connection instead of answering. */
  reset?: boolean;
  /** Do nothing before this has come; without `status` and `reset`, the request is answered properly then. */
  until?: () => Promise<unknown>;
  /** Carry the request out first, so that only its answer is lost. */
  afterwards?: boolean;
}

/** A limit on how often something may be asked, as GitHub's secondary ones: what is above gets 403. */
export interface RequestLimit {
  /** Matched against the path without query string. */
  path: RegExp;
  method?: string;
  /** Requests within `milliseconds`. */
  most: number;
  milliseconds: number;
  /** Whether the answer says when to come back; default true. */
  retryAfter?: boolean;
  /** Milliseconds that the seconds of `Retry-After` stand for; default 1000. */
  secondMs?: number;
}

export interface Faults {
  add(fault: Fault): void;
  /** From now on a secondary limit holds, until `clear`. */
  limit(limit: RequestLimit): void;
  clear(): void;
  /** Faults that have not hit as often as they were to. */
  left(): number;
}

export interface TokenOptions {
  /** `owner/name` of each repository that the token reaches; default: all. */
  repositories?: string[];
  /** Permission for contents; default `write`. */
  contents?: 'read' | 'write';
}

/** What the `permissions` of a workflow leave of its token; default for each: `write`. */
export interface JobPermissions {
  contents?: 'read' | 'write';
  actions?: 'read' | 'write';
  packages?: 'read' | 'write';
}

/** A GitHub for one machine, on 127.0.0.1. */
export interface LocalGitHub {
  /** GITHUB_SERVER_URL */
  url: string;
  /** GITHUB_API_URL */
  apiUrl: string;
  /** GITHUB_GRAPHQL_URL */
  graphqlUrl: string;
  /** A token of a maintainer, who may do everything. */
  token: string;
  /** Makes an empty repository; `name` may be `owner/name`. */
  createRepository(name: string, options?: RepositoryOptions): Promise<CreatedRepository>;
  /** Copies a repository to another owner (default `contributor`); pushes to it start no workflows. */
  createFork(name: string, owner?: string): Promise<CreatedRepository>;
  deleteRepository(name: string): Promise<void>;
  /** Changes what can be seen of a repository. */
  editRepository(name: string, change: RepositoryOptions): Promise<void>;
  /** A token like GITHUB_TOKEN: reaches its own repository (`owner/name`) only, and its pushes start no workflows. */
  createJobToken(repository: string, permissions?: JobPermissions): string;
  /** A token with less than the maintainer's rights. */
  createToken(options: TokenOptions): string;
  /** @returns the number of the pull request @throws Error when a branch does not exist or a merge is impossible */
  openPullRequest(options: PullRequestOptions): Promise<number>;
  /** Adds a run to the list, or replaces the one with its id. */
  recordRun(run: RunRecord): void;
  /** Container packages, once a registry is connected. */
  packages: LocalPackages;
  /** What runs left behind, of all repositories; tests fill the lists. */
  artifacts: StoredArtifact[];
  caches: StoredCache[];
  /** Everything that was asked through REST and GraphQL, in order. */
  requests: RecordedRequest[];
  /** Requests, answers and events that break GitHub's published descriptions, in words. */
  violations: string[];
  faults: Faults;
  stop(): Promise<void>;
}
