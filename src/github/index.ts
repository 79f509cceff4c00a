/** GitHub: what git holds in many repositories, and telling them to look. The only user of Octokit. */
export {
  type Branches,
  deleteStoredItem,
  listStoredItems,
  readBranches,
  type StoredItem,
} from './actions-storage.ts';
export { type Answer, createGitHub, type GitHub, type GitHubOptions, isObject } from './client.ts';
export { type DispatchOutcome, dispatch, startWorkflow, type WorkflowStart } from './dispatch.ts';
export { type FleetEntry, parseFleet, splitRepository } from './names.ts';
export { type BranchCommit, branchCommits, type GitObject, type ObjectsRequest, readObjects } from './objects.ts';
export { createPace, type Pace } from './pace.ts';
export {
  deleteVersion,
  type Package,
  type PackageVersion,
  packageOf,
  packageVersions,
  restoreVersion,
  type VersionOutcome,
} from './packages.ts';
export {
  type Discovery,
  type DiscoveryOptions,
  discoverFleet,
  type KnownContents,
  type RepositoryContent,
  type RepositoryHead,
  type RepositorySnapshot,
} from './repositories.ts';
export { listRuns, type RunsAnswer, readWorkflows, type WorkflowRun } from './workflows.ts';
