import { describe, expect, it } from '@jest/globals';
import { createGitHub, type GitHub, listRuns, readWorkflows, startWorkflow } from '../../src/github/index.ts';
import { repositoryWith, type Scene, scene } from '../local-github/support.ts';

function clientOf({ github }: Scene, token = github.token): GitHub {
  const { apiUrl, graphqlUrl } = github;
  return createGitHub({ token, apiUrl, graphqlUrl, secondMs: 1 });
}

const path = '.github/workflows/images.yml';
const workflow = 'on:\n  workflow_dispatch:\n    inputs: { images: { type: string }, force: { type: boolean } }\n';

describe('readWorkflows', () => {
  it('gives the texts of a commit by file name, and none where there are none', async () => {
    const stage = await scene();
    const { sha: head } = await repositoryWith(stage, 'web', { [path]: workflow, 'images.yaml': '' });
    const { sha: other } = await repositoryWith(stage, 'app', { 'main.py': '' });
    const found = await readWorkflows(clientOf(stage), [
      { repository: 'acme/web', head },
      { repository: 'acme/app', head: other },
    ]);
    expect(found).toEqual([new Map([['images.yml', workflow]]), new Map()]);
    expect(stage.github.violations).toEqual([]);
  });
});

describe('listRuns', () => {
  it('tells of the runs of one workflow on one branch, newest first', async () => {
    const stage = await scene();
    const { sha: headSha } = await repositoryWith(stage, 'web', { [path]: workflow });
    const run = { repository: 'acme/web', name: 'images', path, event: 'push', headBranch: 'main', headSha };
    const times = { createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:02:00Z' };
    stage.github.recordRun({ ...run, id: 1, status: 'completed', conclusion: 'failure', ...times });
    stage.github.recordRun({ ...run, id: 2, status: 'queued', conclusion: null, ...times });
    stage.github.recordRun({ ...run, id: 3, headBranch: 'next', status: 'queued', conclusion: null });
    const startedAt = Date.parse(times.createdAt);
    const common = { event: 'push', revision: headSha, startedAt, endedAt: startedAt + 120_000 };
    expect(await listRuns(clientOf(stage), 'acme/web', 'images.yml', 'main')).toEqual({
      runs: [
        { ...common, id: '2', running: true },
        { ...common, id: '1', running: false, conclusion: 'failure' },
      ],
    });
    expect(stage.github.violations).toEqual([]);
  });

  it('says which permission is missing', async () => {
    const stage = await scene();
    await repositoryWith(stage, 'web', { [path]: workflow });
    stage.github.faults.add({ path: /\/runs$/, status: 403, body: { message: 'Resource not accessible' } });
    const { runs, problem } = await listRuns(clientOf(stage), 'acme/web', 'images.yml', 'main');
    expect(runs).toEqual([]);
    expect(`${problem?.message}; ${problem?.hint}`).toMatch(/runs of acme\/web can't be read.*actions: read/);
  });
});

describe('startWorkflow', () => {
  const start = {
    repository: 'acme/web',
    file: 'images.yml',
    branch: 'main',
    inputs: { images: 'web', force: 'true' },
  };

  it('starts it with inputs', async () => {
    const stage = await scene();
    await repositoryWith(stage, 'web', { [path]: workflow });
    expect(await startWorkflow(clientOf(stage), start)).toEqual({ repository: 'acme/web', sent: true });
    expect(stage.events).toMatchObject([{ name: 'workflow_dispatch', payload: { inputs: start.inputs } }]);
    expect(stage.github.violations).toEqual([]);
  });

  it('says what the workflow lacks', async () => {
    const stage = await scene();
    await repositoryWith(stage, 'web', { [path]: 'on: workflow_dispatch\n' });
    const { problem } = await startWorkflow(clientOf(stage), start);
    expect(`${problem?.message}; ${problem?.hint}`).toMatch(
      /refuses the event.*images.yml needs 'workflow_dispatch'.*images and force/,
    );
  });

  it('says which permission is missing', async () => {
    const stage = await scene();
    await repositoryWith(stage, 'web', { [path]: workflow });
    const token = stage.github.createJobToken('acme/web', { actions: 'read' });
    const { problem } = await startWorkflow(clientOf(stage, token), start);
    expect(`${problem?.message}; ${problem?.hint}`).toMatch(/may not write.*actions: write/);
  });
});
