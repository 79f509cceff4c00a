/** GitHub: what git holds in many repositories, and telling them to look. The only user of Octokit. */
export { type Answer, createGitHub, type GitHub, type GitHubOptions } from './client.ts';
export { type DispatchOutcome, dispatch } from './dispatch.ts';
export { splitRepository } from './names.ts';
export {
  type BranchCommit,
  branchCommits,
  type Discovery,
  discoverFleet,
  type GitObject,
  type ObjectsRequest,
  type RepositorySnapshot,
  readObjects,
} from './repositories.ts';
