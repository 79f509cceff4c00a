import { existsSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runOk, type TemporaryFolder, temporaryFolder } from '../../local/processes/index.ts';
import { createGit, type Git } from '../../src/git/index.ts';
import type { Processes, RunOptions } from '../../src/processes.ts';
import { createProcesses } from '../../src/runner/index.ts';

const identity = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b' };
const env = {
  ...process.env,
  ...identity,
  GIT_COMMITTER_DATE: '1700000000 +0000',
  GIT_AUTHOR_DATE: '1600000000 +0000',
};

let root: TemporaryFolder;
let workspace = '';
let git: Git;

async function command(folder: string, ...args: string[]): Promise<string> {
  return (await runOk('git', args, { cwd: folder, env })).stdout.trim();
}

async function commit(folder: string, files: Record<string, string>): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  await command(folder, 'add', '--all');
  await command(folder, 'commit', '--quiet', '--message', 'x');
  return command(folder, 'rev-parse', 'HEAD');
}

async function repository(name: string): Promise<string> {
  const folder = join(root.path, 'acme', name);
  mkdirSync(folder, { recursive: true });
  await command(folder, 'init', '--quiet', '--initial-branch=main');
  return folder;
}

beforeAll(async () => {
  root = await temporaryFolder('git-test-');
  workspace = await repository('images');
  git = createGit(createProcesses(), { workspace, serverUrl: `file://${root.path}`, delaysMs: [] });
});
afterAll(() => root.remove());

describe('the checked out repository', () => {
  let first = '';
  let second = '';
  beforeAll(async () => {
    first = await commit(workspace, { 'images.yaml': 'namespace: acme', 'docker/a b/x': '1', 'docker/*/y': '2' });
    second = await commit(workspace, { 'images.yaml': 'namespace: other' });
    // Objects in files of their own are read without git.
    await command(workspace, 'gc', '--quiet');
  });

  it('has a commit, made at a time', async () => {
    expect(await git.head()).toEqual({ revision: second, committed: 1_700_000_000, objects: {} });
  });

  it('tells the object of each path, taken literally', async () => {
    const { objects, revision } = await git.head([
      '.',
      'images.yaml',
      'docker/a b',
      'docker/*',
      'docker/none',
      'docker/?/x',
    ]);
    expect(revision).toBe(second);
    expect(objects).toEqual({
      '.': await command(workspace, 'rev-parse', `${second}:`),
      'images.yaml': await command(workspace, 'rev-parse', `${second}:images.yaml`),
      'docker/a b': await command(workspace, 'rev-parse', `${second}:docker/a b`),
      'docker/*': await command(workspace, 'rev-parse', `${second}:docker/*`),
    });
  });

  it('knows which commit came before which', async () => {
    expect(await git.isAncestor(first, second)).toBe(true);
    expect(await git.isAncestor(second, first)).toBe(false);
  });

  it('asks the server where its own history is too short', async () => {
    const shallow = join(root.path, 'shallow');
    await command(root.path, 'clone', '--quiet', '--depth=1', `file://${workspace}`, shallow);
    const own = createGit(createProcesses(), { workspace: shallow, serverUrl: `file://${root.path}`, delaysMs: [] });
    expect(await own.isAncestor(first, second)).toBeUndefined();
    expect(await own.isAncestor(first, second, 'acme/images')).toBe(true);
    expect(await own.isAncestor(second, first, 'acme/images')).toBe(false);
    expect(await own.isAncestor('f'.repeat(40), second, 'acme/images')).toBeUndefined();
  });

  it('is missing where nothing was checked out', async () => {
    const nowhere = createGit(createProcesses(), { workspace: root.path, serverUrl: '' });
    await expect(nowhere.head()).rejects.toThrow(
      'the workspace is not a git repository; add a step that uses actions/checkout',
    );
  });
});

describe('another repository', () => {
  let app = '';
  let main = '';
  beforeAll(async () => {
    app = await repository('app');
    mkdirSync(join(app, 'bin'));
    symlinkSync('../src/app.py', join(app, 'bin/app'));
    writeFileSync(join(app, '.gitattributes'), '*.big filter=shout\n');
    main = await commit(app, { 'src/app.py': 'print(1)', 'a.big': 'quiet' });
    await command(app, 'tag', '--annotate', '--message', 'x', 'v1');
    await command(app, 'tag', 'both');
    await commit(app, { 'src/app.py': 'print(2)' });
    await command(app, 'branch', 'both');
  });

  it('has branches and tags, and of two with one name the branch counts', async () => {
    const tip = await command(app, 'rev-parse', 'main');
    expect(await git.lsRemote('acme/app', 'main')).toBe(tip);
    expect(await git.lsRemote('acme/app', 'v1')).toBe(main);
    expect(await git.lsRemote('acme/app', 'both')).toBe(tip);
    expect(await git.lsRemote('acme/app', main)).toBe(main);
  });

  it('is written into a folder as it was at a commit, without .git', async () => {
    const folder = join(root.path, 'context/app');
    await git.fetchTree('acme/app', main, folder);
    expect(readFileSync(join(folder, 'src/app.py'), 'utf8')).toBe('print(1)');
    expect(readlinkSync(join(folder, 'bin/app'))).toBe('../src/app.py');
    expect(existsSync(join(folder, '.git'))).toBe(false);
  });

  it('runs no filter that its attributes and the machine’s configuration name', async () => {
    const configuration = join(root.path, 'gitconfig');
    writeFileSync(configuration, '[filter "shout"]\n\tsmudge = tr a-z A-Z\n');
    const folder = join(root.path, 'context/filtered');
    const own = createGit(createProcesses(), {
      workspace,
      serverUrl: `file://${root.path}`,
      env: { ...process.env, GIT_CONFIG_GLOBAL: configuration },
    });
    await own.fetchTree('acme/app', main, folder);
    expect(readFileSync(join(folder, 'a.big'), 'utf8')).toBe('quiet');
  });

  it('is an error on the line that names it, where there is no such branch or repository', async () => {
    const place = { file: 'images.yaml', line: 7, column: 3 };
    await expect(git.lsRemote('acme/app', 'nope', place)).rejects.toThrow(
      "images.yaml:7:3: acme/app has no branch or tag 'nope'; correct 'ref' of this source",
    );
    await expect(git.lsRemote('acme/none', 'main', place)).rejects.toThrow(
      "images.yaml:7:3: repository acme/none can't be r",
    );
  });
});

describe('a token', () => {
  it('reaches the server, and neither arguments nor files', async () => {
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const commands: string[] = [];
    const real = createProcesses();
    const processes: Processes = {
      ...real,
      run: (name: string, args: readonly string[], options?: RunOptions) => {
        commands.push([name, ...args].join(' '));
        return real.run(name, args, options);
      },
    };
    const own = createGit(processes, {
      workspace,
      serverUrl: `http://127.0.0.1:${port}`,
      token: 'top-secret',
      delaysMs: [],
    });
    await expect(own.lsRemote('acme/app', 'main')).rejects.toThrow(
      /can't be read; check its name, and that 'token' may/,
    );
    server.close();
    const basic = Buffer.from('x-access-token:top-secret').toString('base64');
    expect(seen).toEqual([`basic ${basic}`]);
    expect(commands.join('\n')).not.toMatch(new RegExp(`top-secret|${basic}`));
    expect(readFileSync(join(workspace, '.git/config'), 'utf8')).not.toContain(basic);
  });
});
