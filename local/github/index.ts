/** A GitHub for one machine: git over HTTP, the REST and GraphQL calls that the suite makes, and the events of Actions. */

export type { LocalPackages, PackageRegistry, PackageVersion } from './packages.ts';
export { startGitHub } from './server.ts';
export type {
  CreatedRepository,
  EventName,
  Fault,
  Faults,
  GitHubEvent,
  GitHubOptions,
  JobPermissions,
  LocalGitHub,
  PullRequestOptions,
  RecordedRequest,
  RepositoryOptions,
  RunRecord,
  StoredArtifact,
  StoredCache,
  TokenOptions,
} from './types.ts';
