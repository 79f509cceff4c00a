import { describe, expect, it } from '@jest/globals';
import type { Dispatch } from '../../src/cascade/index.ts';
import { sendAll, sendEvent } from '../../src/cascade/send.ts';
import { createGitHub } from '../../src/github/index.ts';
import { repositoryWith, type Scene, scene } from '../local-github/support.ts';

const names = (count: number): string[] => Array.from({ length: count }, (_, at) => `acme/r${at}`);
const dispatchTo = (repository: string): Dispatch => ({ repository, images: ['x'], reason: 'x: never published' });

async function sceneWith(repositories: readonly string[]): Promise<Scene> {
  const stage = await scene();
  for (const name of repositories) await repositoryWith(stage, name, { 'images.yaml': '' });
  stage.events.length = 0;
  return stage;
}

/** Sends with a client whose seconds are milliseconds. */
function sendIn({ github }: Scene, repositories: readonly string[], log: string[] = []) {
  const { token, apiUrl, graphqlUrl } = github;
  const client = createGitHub({ token, apiUrl, graphqlUrl, secondMs: 1, log: (line) => log.push(line) });
  const origin = { cascade: '7', depth: 0, origin: 'https://github.com/acme/web/actions/runs/7' };
  const send = sendEvent({ github: client, origin, eventType: 'image-cascade', runs: new Map() });
  return sendAll(repositories.map(dispatchTo), send, (line) => log.push(line));
}

const statusesOf = ({ dispatched }: Awaited<ReturnType<typeof sendIn>>) => dispatched.map(({ status }) => status);
const toldIn = ({ events }: Scene) => events.map(({ repository }) => repository);

describe('sendAll', () => {
  it('waits for a limit to pass and loses nothing', async () => {
    const stage = await sceneWith(names(3));
    stage.github.faults.limit({ path: /\/dispatches$/, most: 1, milliseconds: 1800, secondMs: 1 });
    const log: string[] = [];
    const sent = await sendIn(stage, names(3), log);
    expect(statusesOf(sent)).toEqual(Array(3).fill('dispatched'));
    expect(toldIn(stage)).toEqual(names(3));
    expect(log.join('\n')).toMatch(/secondary rate limit is reached; waiting/);
  });

  it('leaves the rest for the next look when a limit does not pass, and names it', async () => {
    const stage = await sceneWith(names(3));
    const body = { message: 'You have exceeded a secondary rate limit.' };
    const headers = { 'retry-after': '3600' };
    stage.github.faults.add({ path: /r1\/dispatches$/, status: 403, headers, body });
    const sent = await sendIn(stage, names(3));
    expect(statusesOf(sent)).toEqual(['dispatched', 'left', 'left']);
    expect(toldIn(stage)).toEqual(['acme/r0']);
    expect(sent.problems).toMatchObject([
      {
        message: expect.stringMatching(/r1 was not told: GitHub's limit.*neither were acme\/r2/),
        hint: expect.stringContaining('next reconcile'),
      },
    ]);
  });

  it.each([
    [404, /does not exist, or the token has no access.*contents: write/],
    [403, /may not write to it.*GitHub App/],
    [422, /refuses the event.*default branch/],
  ])('goes on after a repository that answers %i, and says what to do', async (status, expected) => {
    const stage = await sceneWith(names(3));
    stage.github.faults.add({ path: /r1\/dispatches$/, status, body: { message: 'No' } });
    const sent = await sendIn(stage, names(3));
    expect(statusesOf(sent)).toEqual(['dispatched', 'failed', 'dispatched']);
    expect(sent.problems.map(({ message, hint }) => `${message}; ${hint}`).join()).toMatch(expected);
  });
});
