import { join } from 'node:path';
import { run, runOk, temporaryFolder } from '../processes/index.ts';
import type { WorkflowEvent } from './types.ts';

/** The commit of an event, as far as it is needed to decide what runs. */
export interface Source {
  /** Files of a folder of the commit; none when there is no such folder. */
  list(folder: string): Promise<string[]>;
  /** Text of a file of the commit; undefined when there is none. */
  read(path: string): Promise<string | undefined>;
  /** Paths that the event changed, or undefined when that cannot be told. */
  changedPaths(): Promise<string[] | undefined>;
  close(): Promise<void>;
}

/**
 * Fetches the commit of an event, without its history.
 * @throws Error when the server does not give it
 */
export async function openSource(
  event: WorkflowEvent,
  options: { serverUrl: string; token: string; env: Record<string, string> },
): Promise<Source> {
  const folder = await temporaryFolder('image-cascade-source-');
  const git = join(folder.path, 'repository.git');
  const env = gitEnvironment(options.env, folder.path);
  const url = `${options.serverUrl}/${event.repository}`;
  // In a variable, not in an argument: arguments can be read by everyone on the machine.
  const authorized = { ...env, ...authorization(options.serverUrl, options.token) };
  const fetch = (commit: string, depth: number): Promise<unknown> =>
    runOk('git', ['-C', git, 'fetch', '--quiet', '--no-tags', `--depth=${depth}`, url, commit], { env: authorized });
  try {
    await runOk('git', ['init', '--quiet', '--bare', git], { env });
    await fetch(event.sha, 1);
  } catch (error) {
    await folder.remove();
    throw new Error(`cannot fetch ${event.sha} of ${event.repository} from ${options.serverUrl}; is it there?`, {
      cause: error,
    });
  }
  let changed: Promise<string[] | undefined> | undefined;
  const lines = (text: string): string[] => text.split('\0').filter((line) => line !== '');
  return {
    async list(path) {
      const result = await run('git', ['-C', git, 'ls-tree', '-z', '--name-only', event.sha, `${path}/`], { env });
      return lines(result.stdout);
    },
    async read(path) {
      const result = await run('git', ['-C', git, 'cat-file', 'blob', `${event.sha}:${path}`], { env });
      return result.status === 0 ? result.stdout : undefined;
    },
    changedPaths() {
      // Once for all workflows: two fetches into a shallow repository get in each other's way.
      changed ??= findChanged();
      return changed;
    },
    close: () => folder.remove(),
  };

  async function findChanged(): Promise<string[] | undefined> {
    const base = await baseCommit();
    if (base === undefined) return undefined;
    const args = ['-C', git, 'diff', '--no-renames', '--name-only', '-z', base, event.sha];
    const result = await run('git', args, { env });
    return result.status === 0 ? lines(result.stdout) : undefined;
  }

  async function baseCommit(): Promise<string | undefined> {
    try {
      if (event.name.startsWith('pull_request')) {
        await fetch(event.sha, 2);
        return `${event.sha}^1`;
      }
      const before = (event.payload as { before?: string }).before;
      // A new branch has no commit before; GitHub looks for an ancestor then, this runner takes all as changed.
      if (before === undefined || /^0+$/.test(before)) return undefined;
      await fetch(before, 1);
      return before;
    } catch {
      return undefined;
    }
  }
}

/** Environment for git that neither the user's settings nor a prompt can reach. */
export function gitEnvironment(base: Record<string, string>, home: string): Record<string, string> {
  return { PATH: process.env.PATH ?? '', ...base, HOME: home, GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' };
}

/** The header by which git shows a token to the server. */
export function authorizationHeader(token: string): string {
  return `AUTHORIZATION: basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
}

function authorization(serverUrl: string, token: string): Record<string, string> {
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${serverUrl}/.extraheader`,
    GIT_CONFIG_VALUE_0: authorizationHeader(token),
  };
}
