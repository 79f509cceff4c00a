import { createHash } from 'node:crypto';
import { maintainerLogin } from './identity.ts';
import type { Repository, World } from './world.ts';

type Json = Record<string, unknown>;

/** A number that stays the same for the same name. */
export function stableId(name: string): number {
  return createHash('sha256').update(name).digest().readUIntBE(0, 5);
}

export function nodeId(kind: string, id: number | string): string {
  return `${kind}_${Buffer.from(String(id)).toString('base64url')}`;
}

/** The fleet's owner is an organization, everybody else a user. */
export function isOrganization(world: World, login: string): boolean {
  return login.toLowerCase() === world.owner.toLowerCase();
}

/** `simple-user` */
export function user(world: World, login: string): Json {
  const id = stableId(login);
  const url = `${world.urls.api}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id,
    node_id: nodeId('U', id),
    avatar_url: `${world.urls.server}/avatars/${id}`,
    gravatar_id: '',
    url,
    html_url: `${world.urls.server}/${encodeURIComponent(login)}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: userType(world, login),
    site_admin: false,
  };
}

function userType(world: World, login: string): string {
  if (login.endsWith('[bot]')) return 'Bot';
  return isOrganization(world, login) ? 'Organization' : 'User';
}

/** What every webhook says besides its subject. */
export function sender(world: World, repository: Repository, login: string): Json {
  return {
    sender: user(world, login),
    ...(isOrganization(world, repository.owner) && { organization: organization(world, repository.owner) }),
  };
}

function organization(world: World, login: string): Json {
  const id = stableId(login);
  const url = `${world.urls.api}/orgs/${login}`;
  return {
    login,
    id,
    node_id: nodeId('O', id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${world.urls.server}/avatars/${id}`,
    description: '',
  };
}

/** `minimal-repository`, and what all other shapes of a repository share. */
export function minimalRepository(world: World, repository: Repository): Json {
  const url = `${world.urls.api}/repos/${repository.fullName}`;
  const urls = Object.fromEntries(repositoryUrls.map(([name, path]) => [name, `${url}${path}`]));
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: repository.fullName,
    private: repository.private,
    owner: user(world, repository.owner),
    html_url: `${world.urls.server}/${repository.fullName}`,
    description: null,
    fork: repository.parent !== null,
    url,
    ...urls,
  };
}

/** `repository-webhooks` and, with what follows, `full-repository`. */
export function repositoryOfWebhook(world: World, repository: Repository): Json {
  const host = new URL(world.urls.server).host;
  const path = `${repository.fullName}.git`;
  return {
    ...minimalRepository(world, repository),
    created_at: repository.createdAt,
    updated_at: repository.pushedAt,
    pushed_at: repository.pushedAt,
    git_url: `git://${host}/${path}`,
    ssh_url: `git@${host}:${path}`,
    clone_url: `${world.urls.server}/${path}`,
    svn_url: `${world.urls.server}/${repository.fullName}`,
    homepage: null,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: false,
    has_downloads: true,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    forks_count: forks(world, repository),
    mirror_url: null,
    archived: repository.archived,
    disabled: false,
    open_issues_count: 0,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: repository.topics,
    visibility: repository.private ? 'private' : 'public',
    forks: forks(world, repository),
    open_issues: 0,
    watchers: 0,
    default_branch: repository.defaultBranch,
  };
}

/** `full-repository` */
export function fullRepository(world: World, repository: Repository): Json {
  return {
    ...repositoryOfWebhook(world, repository),
    network_count: 0,
    subscribers_count: 0,
    ...(isOrganization(world, repository.owner) && { organization: user(world, repository.owner) }),
    ...(repository.parent && {
      parent: repositoryOfWebhook(world, repository.parent),
      source: repositoryOfWebhook(world, repository.parent),
    }),
  };
}

export function installation(): Json {
  const id = stableId(`installation of ${maintainerLogin}`);
  return { id, node_id: nodeId('I', id) };
}

function forks(world: World, repository: Repository): number {
  return [...world.repositories.values()].filter(({ parent }) => parent === repository).length;
}

const repositoryUrls: [string, string][] = [
  ['forks_url', '/forks'],
  ['keys_url', '/keys{/key_id}'],
  ['collaborators_url', '/collaborators{/collaborator}'],
  ['teams_url', '/teams'],
  ['hooks_url', '/hooks'],
  ['issue_events_url', '/issues/events{/number}'],
  ['events_url', '/events'],
  ['assignees_url', '/assignees{/user}'],
  ['branches_url', '/branches{/branch}'],
  ['tags_url', '/tags'],
  ['blobs_url', '/git/blobs{/sha}'],
  ['git_tags_url', '/git/tags{/sha}'],
  ['git_refs_url', '/git/refs{/sha}'],
  ['trees_url', '/git/trees{/sha}'],
  ['statuses_url', '/statuses/{sha}'],
  ['languages_url', '/languages'],
  ['stargazers_url', '/stargazers'],
  ['contributors_url', '/contributors'],
  ['subscribers_url', '/subscribers'],
  ['subscription_url', '/subscription'],
  ['commits_url', '/commits{/sha}'],
  ['git_commits_url', '/git/commits{/sha}'],
  ['comments_url', '/comments{/number}'],
  ['issue_comment_url', '/issues/comments{/number}'],
  ['contents_url', '/contents/{+path}'],
  ['compare_url', '/compare/{base}...{head}'],
  ['merges_url', '/merges'],
  ['archive_url', '/{archive_format}{/ref}'],
  ['downloads_url', '/downloads'],
  ['issues_url', '/issues{/number}'],
  ['pulls_url', '/pulls{/number}'],
  ['milestones_url', '/milestones{/number}'],
  ['notifications_url', '/notifications{?since,all,participating}'],
  ['labels_url', '/labels{/name}'],
  ['releases_url', '/releases{/id}'],
  ['deployments_url', '/deployments'],
];
