import { git, readRefs } from './git.ts';
import { readCommit } from './git-objects.ts';
import { type Identity, loginOf, maintainerLogin } from './identity.ts';
import { mergeCommit } from './merge.ts';
import { nodeId, repositoryOfWebhook, sender, user } from './representations.ts';
import type { PullRequestOptions } from './types.ts';
import { findRepository, getRepository, type PullRequest, type Repository, type World } from './world.ts';

/** Owner of forks that nobody named an owner for. */
export const contributorLogin = 'contributor';

/**
 * Opens a pull request: refs/pull/N/head and refs/pull/N/merge appear in the repository, and its workflows hear of it.
 * @throws Error when a branch does not exist or the branches conflict (GitHub starts no workflow then)
 */
export async function openPullRequest(world: World, options: PullRequestOptions): Promise<number> {
  const repository = getRepository(world, options.repository);
  const { headRepository, head } = findHead(world, repository, options);
  const number = world.pullRequests.filter((other) => other.repository === repository).length + 1;
  const pullRequest: PullRequest = {
    id: world.nextId(),
    number,
    repository,
    headRepository,
    head,
    base: options.base,
    headSha: '',
    baseSha: '',
    mergeSha: '',
    title: options.title ?? head,
    login: headRepository === repository ? maintainerLogin : headRepository.owner,
    createdAt: new Date().toISOString().replace(/\.\d+/, ''),
  };
  if (!(await updateRefs(pullRequest))) {
    throw new Error(`${head} and ${options.base} conflict in ${repository.fullName}; GitHub starts no workflow then`);
  }
  world.pullRequests.push(pullRequest);
  await emitPullRequest(world, pullRequest, 'opened', pullRequest.login, {});
  return number;
}

/** After a push to a branch: moves the open pull requests that come from it. */
export async function synchronizePullRequests(
  world: World,
  repository: Repository,
  branch: string,
  identity: Identity,
): Promise<void> {
  for (const pullRequest of world.pullRequests) {
    if (pullRequest.headRepository !== repository || pullRequest.head !== branch) continue;
    const before = pullRequest.headSha;
    if (!(await headExists(pullRequest))) continue;
    const mergeable = await updateRefs(pullRequest);
    if (!mergeable || identity.kind === 'job' || before === pullRequest.headSha) continue;
    await emitPullRequest(world, pullRequest, 'synchronize', loginOf(identity), { before, after: pullRequest.headSha });
  }
}

function findHead(
  world: World,
  repository: Repository,
  options: PullRequestOptions,
): { headRepository: Repository; head: string } {
  const colon = options.head.indexOf(':');
  if (colon < 0 && options.fork !== true) return { headRepository: repository, head: options.head };
  const owner = colon < 0 ? contributorLogin : options.head.slice(0, colon);
  const headRepository = findRepository(world, owner, repository.name);
  if (headRepository === undefined) throw new Error(`${owner} has no fork of ${repository.fullName}; use createFork`);
  return { headRepository, head: options.head.slice(colon + 1) };
}

async function headExists({ headRepository, head }: PullRequest): Promise<boolean> {
  return (await readRefs(headRepository.folder)).has(`refs/heads/${head}`);
}

/** @returns false when the branches conflict; the refs of the last good merge stay then */
async function updateRefs(pullRequest: PullRequest): Promise<boolean> {
  const { repository, headRepository, head, base, number } = pullRequest;
  const headRef = `refs/pull/${number}/head`;
  await git(repository.folder, ['fetch', '--quiet', headRepository.folder, `+refs/heads/${head}:${headRef}`]);
  pullRequest.headSha = await git(repository.folder, ['rev-parse', '--verify', headRef]);
  pullRequest.baseSha = await git(repository.folder, ['rev-parse', '--verify', `refs/heads/${base}`]);
  const message = `Merge ${pullRequest.headSha} into ${pullRequest.baseSha}`;
  const merge = await mergeCommit(repository.folder, pullRequest.baseSha, pullRequest.headSha, message);
  if (merge === undefined) return false;
  await git(repository.folder, ['update-ref', `refs/pull/${number}/merge`, merge]);
  pullRequest.mergeSha = merge;
  return true;
}

async function emitPullRequest(
  world: World,
  pullRequest: PullRequest,
  action: 'opened' | 'synchronize',
  login: string,
  change: { before?: string; after?: string },
): Promise<void> {
  const { repository, number } = pullRequest;
  world.emit({
    name: 'pull_request',
    repository: repository.fullName,
    ref: `refs/pull/${number}/merge`,
    sha: pullRequest.mergeSha,
    payload: {
      action,
      number,
      ...change,
      pull_request: await represent(world, pullRequest),
      repository: repositoryOfWebhook(world, repository),
      ...sender(world, repository, login),
    },
  });
}

async function represent(world: World, pullRequest: PullRequest): Promise<Record<string, unknown>> {
  const { repository, headRepository, number, headSha, baseSha, createdAt } = pullRequest;
  const url = `${world.urls.api}/repos/${repository.fullName}/pulls/${number}`;
  const issue = `${world.urls.api}/repos/${repository.fullName}/issues/${number}`;
  const web = `${world.urls.server}/${repository.fullName}/pull/${number}`;
  const statuses = `${world.urls.api}/repos/${repository.fullName}/statuses/${headSha}`;
  const commits = await git(repository.folder, ['rev-list', '--count', headSha, '--not', baseSha]);
  const head = await readCommit(repository.folder, headSha);
  const links = {
    self: url,
    html: web,
    issue,
    comments: `${issue}/comments`,
    review_comments: `${url}/comments`,
    review_comment: `${world.urls.api}/repos/${repository.fullName}/pulls/comments{/number}`,
    commits: `${url}/commits`,
    statuses,
  };
  return {
    url,
    id: pullRequest.id,
    node_id: nodeId('PR', pullRequest.id),
    html_url: web,
    diff_url: `${web}.diff`,
    patch_url: `${web}.patch`,
    issue_url: issue,
    number,
    state: 'open',
    locked: false,
    title: pullRequest.title,
    user: user(world, pullRequest.login),
    body: null,
    created_at: createdAt,
    updated_at: head?.committer.date ?? createdAt,
    closed_at: null,
    merged_at: null,
    merge_commit_sha: pullRequest.mergeSha,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    labels: [],
    milestone: null,
    draft: false,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: statuses,
    head: side(world, headRepository, pullRequest.head, headSha),
    base: side(world, repository, pullRequest.base, baseSha),
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
    author_association: headRepository === repository ? 'MEMBER' : 'CONTRIBUTOR',
    auto_merge: null,
    active_lock_reason: null,
    merged: false,
    mergeable: true,
    rebaseable: true,
    mergeable_state: 'clean',
    merged_by: null,
    comments: 0,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: Number(commits),
    ...(await diffStat(repository.folder, baseSha, headSha)),
  };
}

function side(world: World, repository: Repository, ref: string, sha: string): Record<string, unknown> {
  return {
    label: `${repository.owner}:${ref}`,
    ref,
    sha,
    user: user(world, repository.owner),
    repo: {
      ...repositoryOfWebhook(world, repository),
      allow_squash_merge: true,
      allow_merge_commit: true,
      allow_rebase_merge: true,
      allow_auto_merge: false,
      delete_branch_on_merge: false,
      allow_update_branch: false,
      use_squash_pr_title_as_default: false,
      squash_merge_commit_message: 'COMMIT_MESSAGES',
      squash_merge_commit_title: 'COMMIT_OR_PR_TITLE',
      merge_commit_message: 'PR_TITLE',
      merge_commit_title: 'MERGE_MESSAGE',
    },
  };
}

async function diffStat(folder: string, base: string, head: string): Promise<Record<string, number>> {
  const lines = (await git(folder, ['diff', '--numstat', `${base}...${head}`]))
    .split('\n')
    .filter((line) => line !== '');
  const sum = (column: number) => lines.reduce((total, line) => total + (Number(line.split('\t')[column]) || 0), 0);
  return { additions: sum(0), deletions: sum(1), changed_files: lines.length };
}
