/** A maintainer's clones of the fleet's repositories: edit, commit, push. */
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isMap, isSeq, parseDocument } from 'yaml';
import type { LocalGitHub } from '../github/index.ts';
import { projectRoot, runOk, temporaryFolder } from '../processes/index.ts';
import type { LocalRegistry } from '../registry/server.ts';

/** New content of a file, or what becomes of its present one. */
export type Change = string | ((content: string) => string);

export interface WorkTrees {
  /** Folder of a repository's clone. */
  folder(repository: string): string;
  /** Makes the repository on GitHub from its folder under examples/fleet and pushes the first commit. */
  create(repository: string): Promise<void>;
  /** As `create`, from texts by path. */
  createFrom(repository: string, files: Readonly<Record<string, string>>, topics?: readonly string[]): Promise<void>;
  /** Commit that `main` is at. */
  head(repository: string): Promise<string>;
  /** Commits changes on a branch (made from the present one where it is new) and pushes it. Returns the commit. */
  commit(
    repository: string,
    message: string,
    changes: Readonly<Record<string, Change>>,
    branch?: string,
  ): Promise<string>;
  /** Reverts the last commit of `main` and pushes. */
  revert(repository: string): Promise<string>;
  /** Commits changes in a fork, on a branch of its own, and opens a pull request from there. Returns its number. */
  proposeFromFork(
    repository: string,
    message: string,
    changes: Readonly<Record<string, Change>>,
    branch: string,
  ): Promise<number>;
  /** Merges a branch into `main`, with a merge commit, and pushes. */
  merge(repository: string, branch: string): Promise<string>;
}

export interface WorkTreeOptions {
  readonly github: LocalGitHub;
  readonly registry: Pick<LocalRegistry, 'host'>;
  /** What stands for `debian:bookworm-slim`. */
  readonly base: string;
  /** Kinds of check that can't be done on this machine: they are taken out of the test files. */
  readonly leftOut?: readonly string[];
}

const identity = {
  GIT_AUTHOR_NAME: 'Maintainer',
  GIT_AUTHOR_EMAIL: 'maintainer@example.com',
  GIT_COMMITTER_NAME: 'Maintainer',
  GIT_COMMITTER_EMAIL: 'maintainer@example.com',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
};

export async function createWorkTrees({ github, registry, base, leftOut = [] }: WorkTreeOptions): Promise<WorkTrees> {
  const temporary = await temporaryFolder('image-cascade-work-');
  const folder = (repository: string): string => join(temporary.path, repository);
  const credentials = Buffer.from(`x-access-token:${github.token}`).toString('base64');
  const env = {
    ...process.env,
    ...identity,
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${github.url}/.extraheader`,
    GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${credentials}`,
  };
  const git = async (repository: string, ...args: string[]): Promise<string> =>
    (await runOk('git', args, { cwd: folder(repository), env })).stdout.trim();
  const push = async (repository: string, branch: string): Promise<string> => {
    await git(repository, 'push', '--quiet', 'origin', `HEAD:refs/heads/${branch}`);
    return git(repository, 'rev-parse', 'HEAD');
  };

  const commitLocally = async (
    repository: string,
    message: string,
    changes: Readonly<Record<string, Change>>,
    branch: string,
  ): Promise<void> => {
    const present = await git(repository, 'branch', '--list', branch);
    await git(repository, 'checkout', '--quiet', ...(present === '' ? ['-b', branch] : [branch]));
    for (const [path, change] of Object.entries(changes)) {
      const file = join(folder(repository), path);
      await mkdir(dirname(file), { recursive: true });
      const content = typeof change === 'string' ? change : change(await readFile(file, 'utf8'));
      await writeFile(file, content);
    }
    await git(repository, 'add', '--all');
    await git(repository, 'commit', '--quiet', '--message', message);
  };

  const publish = async (repository: string, topics: readonly string[] = []): Promise<void> => {
    const { cloneUrl } = await github.createRepository(repository, { topics: [...topics] });
    await adapt(folder(repository), registry.host, base, leftOut);
    await git(repository, 'init', '--quiet', '--initial-branch=main');
    await git(repository, 'remote', 'add', 'origin', cloneUrl);
    await git(repository, 'add', '--all');
    await git(repository, 'commit', '--quiet', '--message', `Add ${repository}`);
    await push(repository, 'main');
    await git(repository, 'fetch', '--quiet', 'origin');
    await git(repository, 'remote', 'set-head', 'origin', 'main');
  };

  return {
    folder,
    async create(repository) {
      await cp(join(projectRoot(), 'examples', 'fleet', repository), folder(repository), { recursive: true });
      await publish(repository);
    },
    async createFrom(repository, files, topics) {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(folder(repository), path)), { recursive: true });
        await writeFile(join(folder(repository), path), text);
      }
      await publish(repository, topics);
    },
    head: (repository) => git(repository, 'rev-parse', 'refs/heads/main'),
    async commit(repository, message, changes, branch = 'main') {
      await commitLocally(repository, message, changes, branch);
      const commit = await push(repository, branch);
      await git(repository, 'checkout', '--quiet', 'main');
      return commit;
    },
    async proposeFromFork(repository, message, changes, branch) {
      const fork = await github.createFork(repository);
      await commitLocally(repository, message, changes, branch);
      await git(repository, 'push', '--quiet', fork.cloneUrl, `HEAD:refs/heads/${branch}`);
      await git(repository, 'checkout', '--quiet', 'main');
      const [owner = ''] = fork.fullName.split('/');
      return github.openPullRequest({ repository, head: `${owner}:${branch}`, base: 'main', title: message });
    },
    async revert(repository) {
      await git(repository, 'revert', '--no-edit', 'HEAD');
      return push(repository, 'main');
    },
    async merge(repository, branch) {
      await git(repository, 'merge', '--quiet', '--no-ff', '--no-edit', branch);
      return push(repository, 'main');
    },
  };
}

/** The example names the registry and the Debian image that a real fleet has; here they are on this machine. */
async function adapt(folder: string, host: string, base: string, leftOut: readonly string[]): Promise<void> {
  for (const path of await readdir(folder, { recursive: true })) {
    const name = basename(path);
    if (!['images.yaml', 'tests.yaml'].includes(name)) continue;
    const file = join(folder, path);
    const text = (await readFile(file, 'utf8')).replace('ghcr.io', host).replace('debian:bookworm-slim', base);
    await writeFile(file, name === 'tests.yaml' ? withoutChecks(text, leftOut) : text);
  }
}

function withoutChecks(text: string, kinds: readonly string[]): string {
  if (kinds.length === 0) return text;
  const document = parseDocument(text);
  const checks = document.get('checks');
  if (!isSeq(checks)) return text;
  checks.items = checks.items.filter((item) => !isMap(item) || !kinds.some((kind) => item.has(kind)));
  return document.toString();
}
