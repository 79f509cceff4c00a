import { describe, expect, it } from '@jest/globals';
import { createGitHub, dispatch, type GitHub } from '../../src/github/index.ts';
import { repositoryWith, type Scene, scene } from '../local-github/support.ts';

function clientOf({ github }: Scene, log: string[] = [], token = github.token): GitHub {
  const { apiUrl, graphqlUrl } = github;
  return createGitHub({ token, apiUrl, graphqlUrl, log: (line) => log.push(line), secondMs: 1 });
}

describe('dispatch', () => {
  it('sends the event with its payload', async () => {
    const stage = await scene();
    await repositoryWith(stage, 'web', { 'images.yaml': '' });
    stage.events.length = 0;
    const outcome = await dispatch(clientOf(stage), 'acme/web', 'image-cascade', { depth: 1, images: ['web'] });
    expect(outcome).toEqual({ repository: 'acme/web', sent: true });
    expect(stage.events).toMatchObject([
      {
        name: 'repository_dispatch',
        repository: 'acme/web',
        payload: { action: 'image-cascade', client_payload: { depth: 1, images: ['web'] } },
      },
    ]);
    expect(stage.github.violations).toEqual([]);
  });

  it.each([
    ['a repository that is not there', 404, /gone was not told: it does not exist.*contents: write/],
    ['a token without the right to write', 403, /web was not told: the token may not write to it.*contents: write/],
    ['an event that GitHub refuses', 422, /web was not told: GitHub refuses the event.*default branch/],
    ['a server that stays broken', 500, /web was not told: GitHub answers with status 500.*next reconcile/],
  ])('says what to do about %s', async (_, status, expected) => {
    const stage = await scene();
    await repositoryWith(stage, 'web', { 'images.yaml': '' });
    if (status !== 404) {
      const body = { message: 'Resource not accessible by integration' };
      stage.github.faults.add({ path: /\/dispatches$/, status, body, times: 9 });
    }
    const repository = status === 404 ? 'acme/gone' : 'acme/web';
    const { sent, problem } = await dispatch(clientOf(stage), repository, 'image-cascade', {});
    expect(sent).toBe(false);
    expect(`${problem?.message}; ${problem?.hint}`).toMatch(expected);
  });

  it('does not ask again where the answer stays the same', async () => {
    const stage = await scene();
    await dispatch(clientOf(stage), 'acme/gone', 'image-cascade', {});
    expect(stage.github.requests).toHaveLength(1);
  });

  it.each([
    ['a server error', { status: 502 }],
    ['a cut connection', { reset: true }],
    [
      'too many requests at once',
      { status: 403, headers: { 'retry-after': '3' }, body: { message: 'You have exceeded a secondary rate limit' } },
    ],
  ])('tries again after %s', async (_, fault) => {
    const stage = await scene();
    await repositoryWith(stage, 'web', { 'images.yaml': '' });
    stage.github.faults.add({ path: /\/dispatches$/, times: 2, ...fault });
    expect(await dispatch(clientOf(stage), 'acme/web', 'image-cascade', {})).toMatchObject({ sent: true });
    expect(stage.github.requests.length).toBeGreaterThanOrEqual(3);
  });

  it('says that it waits for a limit, without the token', async () => {
    const stage = await scene();
    await repositoryWith(stage, 'web', { 'images.yaml': '' });
    const body = { message: 'You have exceeded a secondary rate limit' };
    stage.github.faults.add({ path: /\/dispatches$/, status: 403, headers: { 'retry-after': '3' }, body });
    const log: string[] = [];
    await dispatch(clientOf(stage, log), 'acme/web', 'image-cascade', {});
    expect(log).toContain("GitHub's secondary rate limit is reached; waiting 3 s");
    expect(log.join('\n')).not.toContain(stage.github.token);
  });

  it('says where it tried to reach a GitHub that is not there', async () => {
    const stage = await scene();
    await stage.github.stop();
    const error = await dispatch(clientOf(stage), 'acme/web', 'x', {}).catch((reason: unknown) => reason);
    expect(String(error)).toContain(`GitHub can't be reached at ${new URL(stage.github.apiUrl).host}`);
  });
});
