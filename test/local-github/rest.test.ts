import { describe, expect, it } from '@jest/globals';
import { Octokit } from '@octokit/core';
import { commit, git, repositoryWith, rest, scene } from './support.ts';

const dispatches = 'POST /repos/acme/base/dispatches';

describe('repository_dispatch', () => {
  it('runs on the head of the default branch and hands the payload on', async () => {
    const stage = await scene();
    const { sha } = await repositoryWith(stage, 'base', { file: '1\n' });
    const octokit = new Octokit({ auth: stage.github.token, baseUrl: stage.github.apiUrl });
    const answer = await octokit.request('POST /repos/{owner}/{repo}/dispatches', {
      owner: 'acme',
      repo: 'base',
      event_type: 'image-cascade',
      client_payload: { cause: 'acme/debian-base' },
    });
    expect(answer.status).toBe(204);
    expect(stage.events).toHaveLength(1);
    expect(stage.events[0]).toMatchObject({ name: 'repository_dispatch', ref: 'refs/heads/main', sha });
    expect(stage.events[0]?.payload).toMatchObject({
      action: 'image-cascade',
      branch: 'main',
      client_payload: { cause: 'acme/debian-base' },
    });
    expect(stage.github.requests).toEqual([
      {
        method: 'POST',
        path: '/api/v3/repos/acme/base/dispatches',
        operation: 'POST /repos/{owner}/{repo}/dispatches',
      },
    ]);
    expect(stage.github.violations).toEqual([]);
  });

  const tenKeys = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`key${index}`, index]));
  it.each([
    ['an event type of 100 characters', { event_type: 'x'.repeat(100) }],
    ['ten keys', { event_type: 'x', client_payload: tenKeys }],
    ['a payload just below 64 KB', { event_type: 'x', client_payload: { a: 'x'.repeat(64 * 1024 - 9) } }],
  ])('takes %s', async (_, body) => {
    const stage = await scene();
    await repositoryWith(stage, 'base', { file: '1\n' });
    expect((await rest(stage.github, dispatches, { body })).status).toBe(204);
    expect(stage.events).toHaveLength(1);
    expect(stage.github.violations).toEqual([]);
  });

  it.each([
    ['an event type of 101 characters', { event_type: 'x'.repeat(101) }],
    ['no event type', { client_payload: {} }],
    ['eleven keys', { event_type: 'x', client_payload: { ...tenKeys, more: 1 } }],
    ['a payload of 64 KB', { event_type: 'x', client_payload: { a: 'x'.repeat(64 * 1024 - 8) } }],
    ['a key that GitHub does not know', { event_type: 'x', ref: 'main' }],
    ['a payload that is no object', { event_type: 'x', client_payload: 'text' }],
  ])('refuses %s and records it', async (_, body) => {
    const stage = await scene();
    await repositoryWith(stage, 'base', { file: '1\n' });
    expect((await rest(stage.github, dispatches, { body })).status).toBe(422);
    expect(stage.events).toEqual([]);
    expect(stage.github.violations).toHaveLength(1);
  });

  it('answers as GitHub does where the token is too weak', async () => {
    const stage = await scene();
    const { github } = stage;
    await repositoryWith(stage, 'base', { file: '1\n' });
    await repositoryWith(stage, 'other', { file: '1\n' });
    await repositoryWith(stage, 'secret', { file: '1\n' }, { private: true });
    const status = async (repository: string, token: string | null) =>
      (await rest(github, `POST /repos/acme/${repository}/dispatches`, { token, body: { event_type: 'x' } })).status;
    const job = github.createJobToken('acme/base');
    expect(await status('base', null)).toBe(401);
    expect(await status('base', 'wrong')).toBe(401);
    expect(await status('other', job)).toBe(403);
    expect(await status('secret', job)).toBe(404);
    expect(await status('base', github.createToken({ contents: 'read' }))).toBe(403);
    expect(await status('base', github.createJobToken('acme/base', { contents: 'read' }))).toBe(403);
    expect(await status('missing', github.token)).toBe(404);
    expect(stage.events).toEqual([]);
    expect(await status('base', job)).toBe(204);
    expect(stage.events).toHaveLength(1);
    expect(github.violations).toEqual([]);
  });

  it('runs nothing in an archived or an empty repository', async () => {
    const stage = await scene();
    await stage.github.createRepository('empty');
    await repositoryWith(stage, 'base', { file: '1\n' });
    await stage.github.editRepository('base', { archived: true });
    const body = { event_type: 'x' };
    expect((await rest(stage.github, dispatches, { body })).status).toBe(403);
    expect((await rest(stage.github, 'POST /repos/acme/empty/dispatches', { body })).status).toBe(204);
    expect(stage.events).toEqual([]);
  });
});

describe('workflow_dispatch', () => {
  const workflow = `on:
  workflow_dispatch:
    inputs:
      reason: { required: true }
      depth: { default: 1 }
`;
  const route = 'POST /repos/acme/base/actions/workflows/image.yml/dispatches';

  it('runs the workflow of the ref with the given inputs and the defaults', async () => {
    const stage = await scene();
    const { sha } = await repositoryWith(stage, 'base', { '.github/workflows/image.yml': workflow });
    const answer = await rest(stage.github, route, { body: { ref: 'main', inputs: { reason: 'by hand' } } });
    expect(answer.status).toBe(204);
    expect(stage.events[0]).toMatchObject({ name: 'workflow_dispatch', ref: 'refs/heads/main', sha });
    expect(stage.events[0]?.payload).toMatchObject({ inputs: { reason: 'by hand', depth: '1' } });
    expect(stage.github.violations).toEqual([]);
  });

  it.each([
    [404, route.replace('image.yml', 'none.yml'), { ref: 'main' }],
    [422, route, { ref: 'nowhere', inputs: { reason: 'x' } }],
    [422, route, { ref: 'main' }],
    [422, route, { ref: 'main', inputs: { reason: 'x', other: 'y' } }],
    [422, route.replace('image.yml', 'push.yml'), { ref: 'main' }],
  ])('answers %d to %s with %j', async (status, path, body) => {
    const stage = await scene();
    const files = { '.github/workflows/image.yml': workflow, '.github/workflows/push.yml': 'on: push\n' };
    await repositoryWith(stage, 'base', files);
    expect((await rest(stage.github, path, { body })).status).toBe(status);
    expect(stage.events).toEqual([]);
  });
});

describe('reading git through REST', () => {
  it('gives commits, branches, refs, trees, contents and comparisons in the published shapes', async () => {
    const stage = await scene();
    const { github } = stage;
    const { work, sha } = await repositoryWith(stage, 'base', { 'docker/base/Dockerfile.j2': 'FROM x\n', a: '1\n' });
    const next = await commit(work, { a: '2\n' }, 'Second');
    await git(work, ['push', '--quiet', 'origin', 'main', `${sha}:refs/heads/feature/x`], github.token);
    const get = (path: string) => rest(github, `GET /repos/acme/base${path}`);

    expect((await get('')).body).toMatchObject({ full_name: 'acme/base', archived: false, default_branch: 'main' });
    expect((await get('/commits/main')).body).toMatchObject({ sha: next, commit: { message: 'Second' } });
    expect((await get('/branches/feature/x')).body).toMatchObject({ name: 'feature/x', commit: { sha } });
    expect((await get('/git/ref/heads/main')).body).toMatchObject({ object: { sha: next, type: 'commit' } });
    expect((await get(`/compare/${sha}...main`)).body).toMatchObject({
      status: 'ahead',
      ahead_by: 1,
      files: [{ filename: 'a', status: 'modified', additions: 1, deletions: 1 }],
    });
    const file = await get(`/contents/a?ref=${sha}`);
    expect(Buffer.from(String(file.body.content), 'base64').toString()).toBe('1\n');
    expect((await get('/contents')).body).toMatchObject([{ name: 'a' }, { name: 'docker', type: 'dir' }]);
    const tree = await get('/git/trees/main?recursive=1');
    expect(tree.body.tree).toContainEqual(expect.objectContaining({ path: 'docker/base/Dockerfile.j2', size: 7 }));
    for (const missing of ['/branches/none', '/git/ref/heads/none', '/contents/none', '/compare/none...main']) {
      expect((await get(missing)).status).toBe(404);
    }
    expect((await rest(github, 'GET /rate_limit')).body).toMatchObject({ rate: { limit: 5000 } });
    expect(github.violations).toEqual([]);
  });

  it('lists the runs that were recorded, newest first and filtered', async () => {
    const stage = await scene();
    const { sha } = await repositoryWith(stage, 'base', { file: '1\n' });
    const run = {
      repository: 'acme/base',
      name: 'image',
      path: '.github/workflows/image.yml',
      event: 'push',
      headBranch: 'main',
      headSha: sha,
    };
    stage.github.recordRun({ ...run, id: 1, status: 'completed', conclusion: 'failure' });
    stage.github.recordRun({ ...run, id: 2, status: 'in_progress', conclusion: null });
    const list = async (query: string) => {
      const { body } = await rest(stage.github, `GET /repos/acme/base/actions/runs${query}`);
      return body;
    };
    expect(await list('')).toMatchObject({ total_count: 2, workflow_runs: [{ id: 2 }, { id: 1, head_sha: sha }] });
    expect(await list('?status=failure&branch=main')).toMatchObject({ workflow_runs: [{ id: 1 }] });
    stage.github.recordRun({
      ...run,
      id: 3,
      path: '.github/workflows/other.yml',
      status: 'completed',
      conclusion: null,
    });
    const ofFile = (file: string) =>
      rest(stage.github, `GET /repos/acme/base/actions/workflows/${file}/runs?exclude_pull_requests=true`);
    expect((await ofFile('image.yml')).body).toMatchObject({ total_count: 2, workflow_runs: [{ id: 2 }, { id: 1 }] });
    expect((await ofFile('none.yml')).status).toBe(404);
    expect(stage.github.violations).toEqual([]);
  });
});

describe('the check against the published description', () => {
  it('records a request that is not part of it', async () => {
    const stage = await scene();
    await repositoryWith(stage, 'base', { file: '1\n' });
    expect((await rest(stage.github, 'GET /repos/acme/base/nothing')).status).toBe(404);
    expect((await rest(stage.github, 'GET /repos/acme/base/actions/runs?per_page=ten')).status).toBe(422);
    expect((await rest(stage.github, 'GET /repos/acme/base?colour=red')).status).toBe(422);
    expect(stage.github.violations).toEqual([
      expect.stringContaining('/repos/acme/base/nothing'),
      expect.stringContaining('per_page'),
      expect.stringContaining('colour'),
    ]);
  });
});

describe('faults', () => {
  it('hit the next matching requests only, with their status and headers', async () => {
    const stage = await scene();
    await repositoryWith(stage, 'base', { file: '1\n' });
    stage.github.faults.add({ path: /\/dispatches$/, times: 2, status: 403, headers: { 'retry-after': '1' } });
    const send = () => rest(stage.github, dispatches, { body: { event_type: 'x' } });
    const first = await send();
    expect([first.status, first.headers.get('retry-after')]).toEqual([403, '1']);
    expect((await rest(stage.github, 'GET /repos/acme/base')).status).toBe(200);
    expect((await send()).status).toBe(403);
    expect(stage.events).toEqual([]);
    expect((await send()).status).toBe(204);
    expect(stage.github.faults.left()).toBe(0);
  });

  it('cut the connection, before or after the work was done', async () => {
    const stage = await scene();
    await repositoryWith(stage, 'base', { file: '1\n' });
    const send = () => rest(stage.github, dispatches, { body: { event_type: 'x' } });
    stage.github.faults.add({ path: /dispatches/, reset: true });
    await expect(send()).rejects.toThrow('fetch failed');
    expect(stage.events).toHaveLength(0);
    stage.github.faults.add({ path: /dispatches/, reset: true, afterwards: true });
    await expect(send()).rejects.toThrow('fetch failed');
    expect(stage.events).toHaveLength(1);
  });

  it('let no more through than a limit allows, and say when to come back', async () => {
    const stage = await scene();
    await repositoryWith(stage, 'base', { file: '1\n' });
    stage.github.faults.limit({ path: /\/dispatches$/, most: 2, milliseconds: 60_000 });
    const send = () => rest(stage.github, dispatches, { body: { event_type: 'x' } });
    const answers = [await send(), await send(), await send()];
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 403]);
    expect(Number(answers[2]?.headers.get('retry-after'))).toBeGreaterThan(50);
    expect(answers[2]?.body.message).toMatch(/secondary rate limit/);
    stage.github.faults.clear();
    expect((await send()).status).toBe(204);
  });

  it('hold a request back until something has come', async () => {
    const stage = await scene();
    await repositoryWith(stage, 'base', { file: '1\n' });
    const { promise, resolve } = Promise.withResolvers<void>();
    stage.github.faults.add({ path: /base$/, until: () => promise });
    const held = rest(stage.github, 'GET /repos/acme/base').then(() => 'held');
    await rest(stage.github, 'GET /rate_limit');
    expect(await Promise.race([held, Promise.resolve('not answered')])).toBe('not answered');
    resolve();
    expect(await held).toBe('held');
  });
});
