import { randomUUID } from 'node:crypto';
import { mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { runOk } from '../processes/index.ts';
import { authorizationHeader, gitEnvironment } from './source.ts';

/** Inputs of actions/checkout that this runner understands, with their defaults. */
export const CHECKOUT_INPUTS = {
  repository: '',
  ref: '',
  token: '',
  path: '',
  clean: 'true',
  filter: '',
  'fetch-depth': '1',
  'fetch-tags': 'false',
  'show-progress': 'true',
  'persist-credentials': 'true',
  'set-safe-directory': 'true',
} as const;

type CheckoutInputs = Record<keyof typeof CHECKOUT_INPUTS, string>;

export interface CheckoutOptions {
  inputs: Partial<CheckoutInputs>;
  workspace: string;
  /** RUNNER_TEMP: holds the credentials while they are persisted. */
  temp: string;
  serverUrl: string;
  repository: string;
  ref: string;
  sha: string;
  token: string;
  env: Record<string, string>;
  onLine(line: string): void;
}

/**
 * Does what actions/checkout 6 does: fetches the event's commit, or another ref, into the workspace.
 * The token stands in a file of its own under RUNNER_TEMP that the repository's configuration includes.
 *
 * @returns the action's outputs, and what its post step does
 * @throws Error when something cannot be fetched, or the path leaves the workspace
 */
export async function checkout(
  options: CheckoutOptions,
): Promise<{ outputs: Record<string, string>; post(onLine: (line: string) => void): Promise<void> }> {
  const { workspace } = options;
  const inputs: CheckoutInputs = { ...CHECKOUT_INPUTS, ...options.inputs };
  const repository = inputs.repository || options.repository;
  const own = repository.toLowerCase() === options.repository.toLowerCase();
  const folder = resolve(workspace, inputs.path || '.');
  if (folder !== workspace && !folder.startsWith(workspace + sep)) {
    throw new Error(`Repository path '${folder}' is not under '${workspace}'`);
  }
  const env = gitEnvironment(options.env, options.env.HOME ?? options.temp);
  let { onLine } = options;
  const git = (...args: string[]): Promise<{ stdout: string }> => {
    onLine(`[command]git ${args.join(' ')}`);
    return runOk('git', ['-C', folder, ...args], { env, onLine });
  };
  await mkdir(folder, { recursive: true });
  onLine(`Syncing repository: ${repository}`);
  await git('init', '--quiet', '--initial-branch=main', '.');
  await git('config', '--local', 'gc.auto', '0');
  await git('remote', 'add', 'origin', `${options.serverUrl}/${repository}`);
  const removeCredentials = await storeCredentials();
  try {
    const commit = await fetchAndCheckOut();
    return {
      outputs: { ref: inputs.ref || (own ? options.ref : ''), commit },
      async post(onPostLine) {
        onLine = onPostLine;
        if (inputs['persist-credentials'] === 'true') await removeCredentials();
      },
    };
  } finally {
    if (inputs['persist-credentials'] !== 'true') await removeCredentials();
  }

  async function storeCredentials(): Promise<() => Promise<void>> {
    const file = join(options.temp, `git-credentials-${randomUUID()}.config`);
    const header = authorizationHeader(inputs.token || options.token);
    await writeFile(file, `[http "${options.serverUrl}/"]\n\textraheader = ${header}\n`, { mode: 0o600 });
    const key = `includeIf.gitdir:${join(await realpath(folder), '.git')}.path`;
    await git('config', '--local', key, file);
    return async () => {
      await git('config', '--local', '--unset-all', key);
      await rm(file, { force: true });
    };
  }

  async function fetchAndCheckOut(): Promise<string> {
    const { ref, sha } = wantedCommit();
    const depth = Number.parseInt(inputs['fetch-depth'], 10) || 0;
    const fetch = (...references: string[]): Promise<unknown> =>
      git(
        'fetch',
        ...(depth === 0 || inputs['fetch-tags'] === 'true' ? [] : ['--no-tags']),
        '--prune',
        '--no-recurse-submodules',
        ...(inputs.filter === '' ? [] : [`--filter=${inputs.filter}`]),
        ...(depth === 0 ? [] : [`--depth=${depth}`]),
        'origin',
        ...references,
      );
    if (depth === 0) await fetch('+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*');
    const local = localReference(ref);
    if (sha !== '') {
      // The branch may have moved on since: the commit of the event counts.
      await fetch(local === '' ? sha : `+${sha}:${local}`);
    } else if (depth !== 0 || ref === '') {
      await fetch(ref === '' ? '+HEAD:refs/remotes/origin/HEAD' : `+${ref}:${local}`);
    }
    const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
    if (branch !== undefined) await git('checkout', '--quiet', '--force', '-B', branch, local);
    else await git('checkout', '--quiet', '--force', '--detach', local || sha || 'refs/remotes/origin/HEAD');
    return (await git('log', '-1', '--format=%H')).stdout.trim();
  }

  /** What to fetch: a full reference and the commit it must be at; either may be empty. */
  function wantedCommit(): { ref: string; sha: string } {
    if (inputs.ref === '') return own ? { ref: options.ref, sha: options.sha } : { ref: '', sha: '' };
    if (/^[0-9a-f]{40}$/.test(inputs.ref)) return { ref: '', sha: inputs.ref };
    if (!inputs.ref.startsWith('refs/')) return { ref: `refs/heads/${inputs.ref}`, sha: '' };
    return { ref: inputs.ref, sha: own && inputs.ref === options.ref ? options.sha : '' };
  }
}

function localReference(ref: string): string {
  return ref.replace(/^refs\/heads\//, 'refs/remotes/origin/').replace(/^refs\/pull\//, 'refs/remotes/pull/');
}
