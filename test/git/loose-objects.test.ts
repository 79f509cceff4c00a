import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runOk, type TemporaryFolder, temporaryFolder } from '../../local/processes/index.ts';
import { looseHead } from '../../src/git/loose-objects.ts';

let root: TemporaryFolder;
beforeAll(async () => {
  root = await temporaryFolder('loose-objects-test-');
});
afterAll(() => root.remove());

async function git(folder: string, ...args: string[]): Promise<string> {
  const author = ['-c', 'user.name=a', '-c', 'user.email=a@b'];
  return (await runOk('git', [...author, ...args], { cwd: folder })).stdout.trim();
}

const files = {
  'images.yaml': 'namespace: acme',
  'docker/web/Dockerfile.j2': 'FROM scratch',
  'docker/web/files/ünïcode name': 'x',
  'docker/web2': 'a file',
};

async function repository(name: string, ...init: string[]): Promise<string> {
  const folder = join(root.path, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  await git(folder, 'init', '--quiet', '--initial-branch=main', ...init);
  await git(folder, 'add', '--all');
  await git(folder, 'commit', '--quiet', '--message', 'first\n\ncommitter nobody <> 1 +0000');
  return folder;
}

const paths = ['.', 'images.yaml', 'docker', 'docker/web', 'docker/web/files/ünïcode name', 'docker/web2'];

describe('a fresh checkout', () => {
  it('is read as git reads it', async () => {
    const folder = await repository('plain');
    const found = looseHead(folder, [...paths, 'docker/none', 'docker/web2/below']);
    expect(found?.revision).toBe(await git(folder, 'rev-parse', 'HEAD'));
    expect(String(found?.committed)).toBe(await git(folder, 'log', '-1', '--format=%ct'));
    expect(Object.keys(found?.objects ?? {})).toEqual(paths);
    for (const path of paths)
      expect(found?.objects[path]).toBe(await git(folder, 'rev-parse', `HEAD:${path === '.' ? '' : path}`));
  });

  it('may be a commit on no branch', async () => {
    const folder = await repository('detached');
    await git(folder, 'checkout', '--quiet', '--detach');
    expect(looseHead(folder, [])?.revision).toBe(await git(folder, 'rev-parse', 'HEAD'));
  });
});

describe('nothing is said, so that git is asked,', () => {
  it.each<[string, (folder: string) => Promise<unknown>]>([
    ['of objects in a pack', (folder) => git(folder, 'repack', '-adq')],
    ['of branches in one file', (folder) => git(folder, 'pack-refs', '--all')],
    [
      'where another object stands for one',
      async (folder) =>
        git(
          folder,
          'replace',
          await git(folder, 'rev-parse', 'HEAD:images.yaml'),
          await git(folder, 'rev-parse', 'HEAD:docker/web2'),
        ),
    ],
    ['of a branch without a commit', (folder) => git(folder, 'checkout', '--quiet', '--orphan', 'empty')],
    [
      'of a damaged object',
      async (folder) => {
        const id = await git(folder, 'rev-parse', 'HEAD^{tree}');
        const file = join(folder, '.git/objects', id.slice(0, 2), id.slice(2));
        await runOk('chmod', ['u+w', file]);
        truncateSync(file, 20);
      },
    ],
  ])('%s', async (what, change) => {
    const folder = await repository(what.replaceAll(' ', '-'));
    await change(folder);
    expect(looseHead(folder, ['.', 'docker/web'])).toBeUndefined();
  });

  it('in a worktree, in another format, and in a folder below', async () => {
    const folder = await repository('main');
    await git(folder, 'worktree', 'add', '--quiet', join(root.path, 'tree'));
    expect(looseHead(join(root.path, 'tree'), [])).toBeUndefined();
    expect(looseHead(await repository('sha256', '--object-format=sha256'), [])).toBeUndefined();
    expect(looseHead(join(folder, 'docker'), [])).toBeUndefined();
  });

  it('of submodules, and of paths that are not plain', async () => {
    const folder = await repository('submodule');
    const commit = await git(folder, 'rev-parse', 'HEAD');
    await git(folder, 'update-index', '--add', '--cacheinfo', `160000,${commit},docker/module`);
    await git(folder, 'commit', '--quiet', '--message', 'second');
    expect(looseHead(folder, ['docker/module'])).toBeUndefined();
    expect(looseHead(folder, ['docker/../images.yaml'])).toBeUndefined();
    expect(looseHead(folder, ['docker/web'])).toBeDefined();
  });
});
