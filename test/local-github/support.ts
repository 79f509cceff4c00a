import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach } from '@jest/globals';
import { type GitHubEvent, type LocalGitHub, startGitHub } from '../../local/github/index.ts';
import { type RunResult, run, runOk, temporaryFolder } from '../../local/processes/index.ts';

export interface Scene {
  github: LocalGitHub;
  events: GitHubEvent[];
  /** Makes an empty working folder. */
  folder(): Promise<string>;
}

const endings: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** A GitHub of the organization acme, which ends with the test. */
export async function scene(): Promise<Scene> {
  const events: GitHubEvent[] = [];
  const github = await startGitHub({ owner: 'acme', log: () => {}, onEvent: (event) => events.push(event) });
  endings.push(github.stop);
  return {
    github,
    events,
    folder: async () => {
      const { path, remove } = await temporaryFolder('local-github-test-');
      endings.push(remove);
      return path;
    },
  };
}

const environment = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
};

function withToken(token: string | undefined, args: string[]): string[] {
  if (token === undefined) return args;
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  return ['-c', `http.extraheader=AUTHORIZATION: basic ${basic}`, ...args];
}

/** Real git, without any configuration of this machine; with a token, it is sent as actions/checkout does. */
export async function git(folder: string, args: string[], token?: string): Promise<string> {
  return (await runOk('git', withToken(token, args), { cwd: folder, env: environment })).stdout.trim();
}

export function tryGit(folder: string, args: string[], token?: string): Promise<RunResult> {
  return run('git', withToken(token, args), { cwd: folder, env: environment });
}

/** Commits files in a working tree. @returns the commit's id */
export async function commit(folder: string, files: Record<string, string>, message = 'Change'): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await git(folder, ['add', '--all']);
  await git(folder, ['commit', '--quiet', '--message', message]);
  return git(folder, ['rev-parse', 'HEAD']);
}

/** A repository of acme with one commit on main, and the working tree that it was pushed from. */
export async function repositoryWith(
  { github, folder, events }: Scene,
  name: string,
  files: Record<string, string>,
  options = {},
): Promise<{ work: string; sha: string; bare: string }> {
  const { cloneUrl, folder: bare } = await github.createRepository(name, options);
  const work = await folder();
  await git(work, ['init', '--quiet', '--initial-branch=main']);
  await git(work, ['remote', 'add', 'origin', cloneUrl]);
  const sha = await commit(work, files, 'First');
  await git(work, ['push', '--quiet', 'origin', 'main'], github.token);
  events.length = 0;
  return { work, sha, bare };
}

export interface ApiAnswer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

/** A REST request; `body` is sent as JSON. */
export async function rest(
  github: LocalGitHub,
  route: string,
  { token, body, headers }: { token?: string | null; body?: unknown; headers?: Record<string, string> } = {},
): Promise<ApiAnswer> {
  const [method = '', path = ''] = route.split(' ');
  const sent = token === undefined ? github.token : token;
  const response = await fetch(`${github.apiUrl}${path}`, {
    method,
    headers: { 'user-agent': 'test', ...(sent !== null && { authorization: `Bearer ${sent}` }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
}
