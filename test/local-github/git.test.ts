import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { commit, git, repositoryWith, scene, tryGit } from './support.ts';

describe('git over HTTP', () => {
  it('gives back what was pushed', async () => {
    const { github, folder, ...rest } = await scene();
    const { sha } = await repositoryWith({ github, folder, ...rest }, 'base', { 'images.yaml': 'registry: x\n' });
    const clone = await folder();
    await git(clone, ['clone', '--quiet', `${github.url}/acme/base`, '.']);
    expect(await git(clone, ['rev-parse', 'origin/main'])).toBe(sha);
    expect(github.violations).toEqual([]);
  });

  it('serves a commit by its id, shallow and without blobs, as actions/checkout asks for it', async () => {
    const stage = await scene();
    const { work, sha } = await repositoryWith(stage, 'base', { file: 'one\n' });
    await commit(work, { file: 'two\n' });
    await git(work, ['push', '--quiet', 'origin', 'main'], stage.github.token);
    const clone = await stage.folder();
    await git(clone, ['init', '--quiet']);
    const url = `${stage.github.url}/acme/base`;
    await git(clone, ['fetch', '--quiet', '--depth=1', '--filter=blob:none', url, sha]);
    expect(await git(clone, ['rev-parse', 'FETCH_HEAD'])).toBe(sha);
    expect(await git(clone, ['rev-list', '--count', 'FETCH_HEAD'])).toBe('1');
  });

  it('takes pushes that are too large to be announced by their length', async () => {
    const stage = await scene();
    const { work } = await repositoryWith(stage, 'base', { file: 'one\n' });
    const noise = randomBytes(3 * 1024 * 1024).toString('base64');
    const sha = await commit(work, { noise });
    await git(work, ['push', '--quiet', 'origin', 'main'], stage.github.token);
    const clone = await stage.folder();
    await git(clone, ['clone', '--quiet', `${stage.github.url}/acme/base`, '.']);
    expect(await git(clone, ['rev-parse', 'HEAD'])).toBe(sha);
    expect(await readFile(join(clone, 'noise'), 'utf8')).toBe(noise);
  });

  it('takes no push without a token, and none with a token that may only read', async () => {
    const stage = await scene();
    const { work, sha, bare } = await repositoryWith(stage, 'base', { file: 'one\n' });
    await commit(work, { file: 'two\n' });
    const anonymous = await tryGit(work, ['push', 'origin', 'main']);
    const reader = stage.github.createToken({ contents: 'read' });
    const denied = await tryGit(work, ['push', 'origin', 'main'], reader);
    expect(anonymous.stderr).toContain('could not read Username');
    expect(denied.stderr).toContain('403');
    expect(await git(bare, ['rev-parse', 'main'])).toBe(sha);
    expect(stage.events).toEqual([]);
  });

  it('hides a private repository from those who may not see it', async () => {
    const stage = await scene();
    await repositoryWith(stage, 'secret', { file: 'x\n' }, { private: true });
    await repositoryWith(stage, 'other', { file: 'x\n' });
    const url = `${stage.github.url}/acme/secret.git`;
    const folder = await stage.folder();
    expect((await tryGit(folder, ['ls-remote', url])).status).not.toBe(0);
    const foreign = await tryGit(folder, ['ls-remote', url], stage.github.createJobToken('acme/other'));
    expect(foreign.stderr).toContain('not found');
    expect(await git(folder, ['ls-remote', url], stage.github.createJobToken('acme/secret'))).toContain(
      'refs/heads/main',
    );
  });

  it('takes no push to an archived repository', async () => {
    const stage = await scene();
    const { work } = await repositoryWith(stage, 'base', { file: 'one\n' });
    await stage.github.editRepository('base', { archived: true });
    await commit(work, { file: 'two\n' });
    expect((await tryGit(work, ['push', 'origin', 'main'], stage.github.token)).stderr).toContain('403');
  });
});

describe('push events', () => {
  it('tell of the branch, its commits and their files before the push returns', async () => {
    const stage = await scene();
    const { work, sha: before } = await repositoryWith(stage, 'base', { old: '1\n', kept: '1\n' });
    await git(work, ['rm', '--quiet', 'old']);
    const sha = await commit(work, { kept: '2\n', 'docker/base/Dockerfile.j2': 'FROM x\n' }, 'Add base');
    await git(work, ['push', '--quiet', 'origin', 'main'], stage.github.token);
    expect(stage.events).toHaveLength(1);
    expect(stage.events[0]).toMatchObject({ name: 'push', repository: 'acme/base', ref: 'refs/heads/main', sha });
    expect(stage.events[0]?.payload).toMatchObject({
      before,
      after: sha,
      created: false,
      forced: false,
      repository: { full_name: 'acme/base', name: 'base', owner: { login: 'acme' }, default_branch: 'main' },
      head_commit: {
        id: sha,
        message: 'Add base',
        added: ['docker/base/Dockerfile.j2'],
        removed: ['old'],
        modified: ['kept'],
      },
      sender: { login: 'maintainer' },
    });
    expect(stage.github.violations).toEqual([]);
  });

  it('come for every branch and tag that a push changes', async () => {
    const stage = await scene();
    const { work, sha } = await repositoryWith(stage, 'base', { file: '1\n' });
    await git(work, ['tag', '--annotate', '--message=release', 'v1']);
    await git(work, ['push', '--quiet', 'origin', 'main:feature/x', 'v1'], stage.github.token);
    expect(stage.events.map(({ ref, sha }) => [ref, sha])).toEqual([
      ['refs/heads/feature/x', sha],
      ['refs/tags/v1', sha],
    ]);
  });

  it('say when history was rewritten', async () => {
    const stage = await scene();
    const { work } = await repositoryWith(stage, 'base', { file: '1\n' });
    await git(work, ['commit', '--quiet', '--amend', '--message=Rewritten']);
    await git(work, ['push', '--quiet', '--force', 'origin', 'main'], stage.github.token);
    expect(stage.events[0]?.payload).toMatchObject({ forced: true });
  });

  it('do not come for a deleted branch, nor for a push with the token of a job', async () => {
    const stage = await scene();
    const { work } = await repositoryWith(stage, 'base', { file: '1\n' });
    const job = stage.github.createJobToken('acme/base');
    await git(work, ['push', '--quiet', 'origin', 'main:generated'], job);
    await git(work, ['push', '--quiet', 'origin', ':generated'], stage.github.token);
    expect(stage.events).toEqual([]);
  });
});

describe('pull requests', () => {
  it('run on a merge of both branches, again after each push to the head', async () => {
    const stage = await scene();
    const { work, sha: base } = await repositoryWith(stage, 'base', { a: '1\n' });
    await git(work, ['switch', '--quiet', '--create', 'change']);
    const head = await commit(work, { b: '1\n' });
    await git(work, ['push', '--quiet', 'origin', 'change'], stage.github.token);
    stage.events.length = 0;

    const number = await stage.github.openPullRequest({ repository: 'base', head: 'change', base: 'main' });
    const opened = stage.events[0];
    expect(opened).toMatchObject({ name: 'pull_request', ref: `refs/pull/${number}/merge` });
    expect(opened?.payload).toMatchObject({
      action: 'opened',
      number,
      pull_request: {
        head: { ref: 'change', sha: head, repo: { full_name: 'acme/base', fork: false } },
        base: { ref: 'main', sha: base },
      },
    });
    await git(work, ['fetch', '--quiet', 'origin', `refs/pull/${number}/merge`]);
    expect(await git(work, ['log', '-1', '--format=%H %P', 'FETCH_HEAD'])).toBe(`${opened?.sha} ${base} ${head}`);

    const next = await commit(work, { b: '2\n' });
    await git(work, ['push', '--quiet', 'origin', 'change'], stage.github.token);
    expect(stage.events.map(({ name }) => name)).toEqual(['pull_request', 'push', 'pull_request']);
    expect(stage.events[2]?.payload).toMatchObject({ action: 'synchronize', before: head, after: next });
    expect(stage.github.violations).toEqual([]);
  });

  it('from a fork name the fork, whose own pushes start nothing', async () => {
    const stage = await scene();
    await repositoryWith(stage, 'base', { a: '1\n' });
    const fork = await stage.github.createFork('base');
    const work = await stage.folder();
    await git(work, ['clone', '--quiet', fork.cloneUrl, '.']);
    await commit(work, { b: '1\n' });
    await git(work, ['push', '--quiet', 'origin', 'HEAD:patch'], stage.github.token);
    expect(stage.events).toEqual([]);
    await stage.github.openPullRequest({ repository: 'base', head: 'patch', base: 'main', fork: true });
    expect(stage.events[0]).toMatchObject({ repository: 'acme/base' });
    expect(stage.events[0]?.payload).toMatchObject({
      pull_request: { head: { repo: { full_name: 'contributor/base', fork: true } } },
    });
    expect(stage.github.violations).toEqual([]);
  });

  it('that conflict are refused, since they start no workflow', async () => {
    const stage = await scene();
    const { work } = await repositoryWith(stage, 'base', { a: '1\n' });
    await git(work, ['push', '--quiet', 'origin', 'main:other'], stage.github.token);
    await commit(work, { a: 'mine\n' });
    await git(work, ['push', '--quiet', 'origin', 'main'], stage.github.token);
    await git(work, ['switch', '--quiet', '--create', 'other', 'origin/other']);
    await commit(work, { a: 'yours\n' });
    await git(work, ['push', '--quiet', 'origin', 'other'], stage.github.token);
    await expect(stage.github.openPullRequest({ repository: 'base', head: 'other', base: 'main' })).rejects.toThrow(
      'conflict',
    );
  });
});
