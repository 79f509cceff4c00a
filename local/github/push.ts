import { git, readRefs } from './git.ts';
import { type GitCommit, parseCommit, readCommit, readObjects } from './git-objects.ts';
import type { Identity } from './identity.ts';
import { loginOf } from './identity.ts';
import { synchronizePullRequests } from './pull-requests.ts';
import { repositoryOfWebhook, sender, user } from './representations.ts';
import type { Repository, World } from './world.ts';

const noCommit = '0'.repeat(40);
/** GitHub lists at most this many commits in a push event. */
const mostCommits = 2048;
/** GitHub makes no events when more tags than this arrive at once. */
const mostTags = 3;

interface Change {
  ref: string;
  before: string;
  after: string;
}

const queues = new WeakMap<Repository, Promise<unknown>>();

/** Lets one push through, then tells of each ref that it changed. Pushes to one repository go one after the other. */
export function receivePush<T>(
  world: World,
  repository: Repository,
  identity: Identity,
  receive: () => Promise<T>,
): Promise<T> {
  const turn = (queues.get(repository) ?? Promise.resolve()).then(async () => {
    const before = await readRefs(repository.folder);
    const result = await receive();
    const after = await readRefs(repository.folder);
    const changes = compareRefs(before, after);
    if (changes.length > 0) {
      repository.pushedAt = new Date().toISOString().replace(/\.\d+/, '');
      await announce(world, repository, identity, changes, before);
    }
    return result;
  });
  queues.set(
    repository,
    turn.catch(() => {}),
  );
  return turn;
}

function compareRefs(before: Map<string, string>, after: Map<string, string>): Change[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names
    .map((ref) => ({ ref, before: before.get(ref) ?? noCommit, after: after.get(ref) ?? noCommit }))
    .filter((change) => change.before !== change.after);
}

async function announce(
  world: World,
  repository: Repository,
  identity: Identity,
  changes: Change[],
  refsBefore: Map<string, string>,
): Promise<void> {
  const tags = changes.filter(({ ref }) => ref.startsWith('refs/tags/')).length;
  for (const change of changes) {
    // What a workflow's own token does starts no workflow, and a fork's workflows are off until its owner wants them.
    const silent = identity.kind === 'job' || repository.parent !== null;
    const unannounced = tags > mostTags && change.ref.startsWith('refs/tags/');
    // GitHub has a webhook for a deleted ref too, but it starts no workflow.
    if (!silent && !unannounced && change.after !== noCommit) {
      await emitPush(world, repository, identity, change, refsBefore);
    }
    if (change.ref.startsWith('refs/heads/')) {
      await synchronizePullRequests(world, repository, change.ref.slice('refs/heads/'.length), identity);
    }
  }
}

async function emitPush(
  world: World,
  repository: Repository,
  identity: Identity,
  change: Change,
  refsBefore: Map<string, string>,
): Promise<void> {
  const { folder } = repository;
  const head = await readCommit(folder, change.after);
  // A tag may point at something that is no commit; nothing can run on that.
  if (head === undefined) return;
  const known = change.before === noCommit ? [...new Set(refsBefore.values())] : [change.before];
  const added = await git(folder, ['rev-list', '--reverse', `--max-count=${mostCommits}`, head.oid, '--not', ...known]);
  const commits = await webhookCommits(world, repository, added === '' ? [] : added.split('\n'));
  const headCommit =
    commits.find(({ id }) => id === head.oid) ?? (await webhookCommits(world, repository, [head.oid]))[0];
  const login = loginOf(identity);
  const web = `${world.urls.server}/${repository.fullName}`;
  world.emit({
    name: 'push',
    repository: repository.fullName,
    ref: change.ref,
    sha: head.oid,
    payload: {
      ref: change.ref,
      before: change.before,
      after: change.after,
      created: change.before === noCommit,
      deleted: false,
      forced: change.before !== noCommit && !(await isAncestor(folder, change.before, change.after)),
      base_ref: null,
      compare: `${web}/compare/${change.before.slice(0, 12)}...${change.after.slice(0, 12)}`,
      commits,
      head_commit: headCommit ?? null,
      repository: {
        ...repositoryOfWebhook(world, repository),
        // In this event GitHub gives these two as seconds.
        created_at: Math.floor(Date.parse(repository.createdAt) / 1000),
        pushed_at: Math.floor(Date.parse(repository.pushedAt) / 1000),
      },
      pusher: { name: login, email: `${login}@users.noreply.github.localhost` },
      sender: user(world, login),
      ...sender(world, repository, login),
    },
  });
}

async function isAncestor(folder: string, before: string, after: string): Promise<boolean> {
  const missing = await git(folder, ['rev-list', '--max-count=1', before, '--not', after]);
  return missing === '';
}

interface WebhookCommit extends Record<string, unknown> {
  id: string;
}

async function webhookCommits(world: World, repository: Repository, ids: string[]): Promise<WebhookCommit[]> {
  if (ids.length === 0) return [];
  const objects = await readObjects(repository.folder, ids);
  const files = await changedFiles(repository.folder, ids);
  return objects.flatMap((object) => {
    if (object === undefined) return [];
    const commit = parseCommit(object);
    const changed = files.get(commit.oid) ?? [];
    const paths = (status: RegExp) => changed.filter((file) => status.test(file.status)).map((file) => file.path);
    return [
      {
        id: commit.oid,
        tree_id: commit.tree,
        distinct: true,
        message: commit.message,
        timestamp: commit.committer.date,
        url: `${world.urls.server}/${repository.fullName}/commit/${commit.oid}`,
        author: person(commit.author),
        committer: person(commit.committer),
        added: paths(/^A/),
        removed: paths(/^D/),
        modified: paths(/^[MT]/),
      },
    ];
  });
}

function person({ name, email, date }: GitCommit['author']): Record<string, unknown> {
  return { name, email: /^\S+@\S+$/.test(email) ? email : null, date };
}

/** Files that each commit changes against its first parent. */
async function changedFiles(folder: string, ids: string[]): Promise<Map<string, { status: string; path: string }[]>> {
  const args = ['diff-tree', '--stdin', '-z', '-r', '--root', '-m', '--first-parent', '--no-renames', '--name-status'];
  const fields = (await git(folder, args, `${ids.join('\n')}\n`)).split('\0').filter((field) => field !== '');
  const files = new Map<string, { status: string; path: string }[]>();
  let current: { status: string; path: string }[] = [];
  for (let index = 0; index < fields.length; ) {
    const field = fields[index] ?? '';
    // A status is one letter, so a field of 40 digits in its place can only be the next commit.
    if (/^\s*[0-9a-f]{40}/.test(field)) {
      current = [];
      files.set(field.trim().slice(0, 40), current);
      index += 1;
    } else {
      current.push({ status: field, path: fields[index + 1] ?? '' });
      index += 2;
    }
  }
  return files;
}
