/** Runs git. No token ever stands in an argument, in a URL or in a file. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fail, type Place } from '../problems.ts';
import type { Processes, RunOptions, RunResult } from '../processes.ts';
import { gitEnvironment } from './environment.ts';
import { committedIn, type Head } from './head.ts';
import { looseHead } from './loose-objects.ts';
import { isTransient, remoteProblem } from './remote-errors.ts';

export interface GitOptions {
  /** Folder of the checked out repository. */
  readonly workspace: string;
  /** `https://github.com`, without a slash at the end. */
  readonly serverUrl: string;
  readonly token?: string | undefined;
  /** Default: this process's environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds before each further attempt to reach a server. */
  readonly delaysMs?: readonly number[];
}

export interface Git {
  /** The commit that is checked out, and the object id of files and folders in it; what does not exist is left out. */
  head(paths?: readonly string[]): Promise<Head>;
  /** Commit of a branch, else of a tag, of another repository; a commit is returned as it is. */
  lsRemote(repository: string, ref: string, place?: Place): Promise<string>;
  /** Writes the files of a commit of another repository into a folder, without `.git` and submodules. */
  fetchTree(repository: string, commit: string, folder: string, place?: Place): Promise<void>;
  /**
   * Whether `ancestor` is reached from `descendant`, in this repository or, where it is shallow, on the server.
   * `undefined` when one of them is nowhere to be found.
   */
  isAncestor(ancestor: string, descendant: string, repository?: string): Promise<boolean | undefined>;
}

const commitPattern = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** Errors of every function are ProblemsErrors that say what to do. */
export function createGit(processes: Processes, options: GitOptions): Git {
  const { workspace, serverUrl, delaysMs = [1_000, 4_000] } = options;
  const env = gitEnvironment(options);
  const plainEnv = gitEnvironment({ ...options, token: undefined });
  // Files of another repository are written as they are: no filter that the machine's configuration names runs.
  const filterless = { ...plainEnv, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };

  const git = (args: readonly string[], rest: RunOptions = {}): Promise<RunResult> =>
    processes.run('git', args, { cwd: workspace, env: plainEnv, ...rest });

  const local = async (args: readonly string[], rest: RunOptions = {}): Promise<string> =>
    settled(args[0] ?? '', await git(args, rest));

  const remote = async (
    repository: string,
    place: Place | undefined,
    args: readonly string[],
    rest: RunOptions = {},
  ): Promise<RunResult> => {
    for (const delay of [...delaysMs, undefined]) {
      const result = await git(args, { env, ...rest });
      // Two is how ls-remote says that there is no such ref.
      if (result.status === 0 || result.status === 2) return result;
      if (delay === undefined || !isTransient(result.stderr))
        return fail(...remoteProblem(repository, result, options.token !== undefined, place));
      await wait(delay);
    }
    throw new Error('there is always a last attempt');
  };

  const url = (repository: string): string => `${serverUrl}/${repository}`;

  const inTemporary = async <T>(body: (folder: string) => Promise<T>): Promise<T> => {
    const folder = await mkdtemp(join(tmpdir(), 'image-cascade-git-'));
    try {
      await local(['init', '--quiet', '--bare', '--template=', '--', folder]);
      return await body(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };

  return {
    head: async (paths = []) => {
      for (const path of paths)
        if (path.includes('\n')) fail(`a path with a line feed can't be looked up: ${JSON.stringify(path)}`);
      const read = looseHead(workspace, paths);
      if (read !== undefined) return read;
      const names = paths.map((path) => `HEAD:${path === '.' ? '' : path}\n`);
      // One process for everything: to start one takes longer than what it does.
      const input = `${names.map((name) => `info ${name}`).join('')}contents HEAD\n`;
      const result = await git(['cat-file', '--batch-command'], { input, brief: true, timeoutMs: 60_000 });
      // git before 2.36 knows no such option.
      const output =
        result.status === 129
          ? (await local(['cat-file', '--batch-check'], { input: names.join('') })) +
            (await local(['cat-file', '--batch'], { input: 'HEAD\n' }))
          : settled('cat-file', result);
      const lines = output.split('\n');
      const objects = paths.flatMap((path, index): [string, string][] => {
        const [id = ''] = (lines[index] ?? '').split(' ');
        return commitPattern.test(id) ? [[path, id]] : [];
      });
      const [header = '', ...commit] = lines.slice(paths.length);
      const [revision = ''] = header.split(' ');
      if (!commitPattern.test(revision))
        fail('nothing has been committed in this repository yet', { hint: 'commit first' });
      return { revision, committed: committedIn(commit), objects: Object.fromEntries(objects) };
    },

    lsRemote: async (repository, ref, place) => {
      if (commitPattern.test(ref)) return ref;
      const names = [`refs/heads/${ref}`, `refs/tags/${ref}^{}`, `refs/tags/${ref}`];
      const result = await remote(repository, place, ['ls-remote', '--exit-code', '--', url(repository), ...names]);
      const commits = new Map(
        result.stdout.split('\n').map((line) => {
          const [commit = '', name = ''] = line.split('\t');
          return [name, commit];
        }),
      );
      const [commit] = names.flatMap((name) => commits.get(name) ?? []);
      return (
        commit ??
        fail(`${repository} has no branch or tag '${ref}'`, {
          hint: "correct 'ref' of this source",
          ...(place === undefined ? {} : { place }),
        })
      );
    },

    fetchTree: async (repository, commit, folder, place) => {
      await mkdir(folder, { recursive: true });
      await inTemporary(async (temporary) => {
        const at = [`--git-dir=${temporary}`];
        await remote(repository, place, [
          ...at,
          'fetch',
          '--quiet',
          '--depth=1',
          '--no-tags',
          '--',
          url(repository),
          commit,
        ]);
        const index = { env: { ...filterless, GIT_INDEX_FILE: join(temporary, 'index') } };
        await local([...at, 'read-tree', '--end-of-options', commit], index);
        await local([...at, `--work-tree=${folder}`, 'checkout-index', '--all', '--force'], { ...index, cwd: folder });
      });
    },

    isAncestor: async (ancestor, descendant, repository) => {
      if (!commitPattern.test(ancestor) || !commitPattern.test(descendant)) return undefined;
      const question = ['merge-base', '--is-ancestor', ancestor, descendant];
      const { status } = await git(question);
      // In a shallow repository "no" may only mean that the history ends too early.
      const shallow = (await local(['rev-parse', '--is-shallow-repository'])).trim() === 'true';
      if (status === 0) return true;
      if (status === 1 && !shallow) return false;
      if (repository === undefined) return undefined;
      return inTemporary(async (temporary) => {
        const at = [`--git-dir=${temporary}`];
        const fetch = ['fetch', '--quiet', '--no-tags', '--filter=tree:0', '--', url(repository), ancestor, descendant];
        const fetched = await git([...at, ...fetch], { env });
        if (fetched.status !== 0) return undefined;
        const answer = await git([...at, ...question]);
        return answer.status === 0 ? true : answer.status === 1 ? false : undefined;
      });
    },
  };
}

function settled(what: string, { status, stdout, stderr }: RunResult): string {
  if (status === 0) return stdout;
  if (status === 127) fail('git is not installed', { hint: 'use a runner image that has git' });
  if (/not a git repository/.test(stderr))
    fail('the workspace is not a git repository', { hint: 'add a step that uses actions/checkout before this one' });
  return fail(`git ${what} failed: ${stderr.trim()}`);
}
