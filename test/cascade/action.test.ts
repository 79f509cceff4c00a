/** The action as the runner starts it: inputs and events in the environment, records in the run folder. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { parseKeyValues } from '../../local/runner/file-commands.ts';
import { run } from '../../src/actions/dependency-dispatch.ts';
import type { PushRecord, RenderRecord } from '../../src/images/records.ts';
import { createProcesses } from '../../src/runner/index.ts';
import { settledShop, type World } from './world.ts';

const before = { ...process.env };
beforeEach(() => {
  // The action's log is not the tests'.
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => {
  jest.restoreAllMocks();
  process.env = { ...before };
});

interface Job {
  outputs(): Promise<Record<string, unknown>>;
  summary(): Promise<string>;
  run(): Promise<void>;
}

async function jobIn(world: World, environment: Record<string, string>, payload: unknown = {}): Promise<Job> {
  const folder = await world.folder();
  const file = (name: string) => join(folder, name);
  for (const name of ['output', 'summary']) await writeFile(file(name), '');
  await writeFile(file('event.json'), JSON.stringify(payload));
  await mkdir(file('image-cascade'), { recursive: true });
  process.env = {
    PATH: before.PATH,
    HOME: folder,
    RUNNER_TEMP: folder,
    GITHUB_OUTPUT: file('output'),
    GITHUB_STEP_SUMMARY: file('summary'),
    GITHUB_EVENT_PATH: file('event.json'),
    GITHUB_EVENT_NAME: 'push',
    GITHUB_SERVER_URL: world.github.url,
    GITHUB_API_URL: world.github.apiUrl,
    GITHUB_GRAPHQL_URL: world.github.graphqlUrl,
    GITHUB_REF: 'refs/heads/main',
    GITHUB_RUN_ID: '42',
    INPUT_TOKEN: world.github.token,
    INPUT_FLEET: 'acme/debian-base\nacme/runtime-images\nacme/shop-api\nacme/shop-front',
    ...environment,
  };
  return {
    // @actions/core writes `name<<delimiter`, the value, and the delimiter again.
    outputs: async () => {
      const { values } = parseKeyValues(await readFile(file('output'), 'utf8'));
      return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, JSON.parse(value)]));
    },
    summary: () => readFile(file('summary'), 'utf8'),
    run: () => {
      const { signal } = new AbortController();
      return run({ signal, processes: createProcesses(signal), cleanup: () => {} });
    },
  };
}

/** Leaves what `render` and `push` of `debian-base` would have left. */
async function leaveRecords(world: World): Promise<void> {
  const ref = {
    event: 'push',
    name: 'main',
    type: 'branch' as const,
    defaultBranch: 'main',
    isDefaultBranch: true,
    fork: false,
    revision: world.head('debian-base'),
    committed: 0,
    repository: 'acme/debian-base',
    url: '',
    runId: '42',
    runUrl: '',
  };
  const repository = `${world.host}/acme/debian-base`;
  const render = {
    ref,
    registry: world.host,
    namespace: 'acme',
    images: [{ name: 'debian-base', repository, mainReference: `${repository}:latest`, tags: ['latest'] }],
  };
  const image = {
    name: 'debian-base',
    status: 'published',
    reason: '',
    reference: `${repository}:latest`,
    changed: true,
  };
  const push = { images: [{ ...image, tags: ['latest'] }] };
  const records: { render: Partial<RenderRecord> | object; push: Partial<PushRecord> | object } = { render, push };
  for (const [step, record] of Object.entries(records))
    await writeFile(join(process.env.RUNNER_TEMP ?? '', 'image-cascade', `${step}.json`), JSON.stringify(record));
}

const inBase = (world: World) => ({ GITHUB_REPOSITORY: 'acme/debian-base', GITHUB_SHA: world.head('debian-base') });

describe('dependency-dispatch', () => {
  it('starts the dependents of what was pushed, with outputs and a summary', async () => {
    const world = await settledShop();
    await world.commit('debian-base', { 'docker/debian-base/new': '' });
    await world.publish('debian-base', 'debian-base');
    const sent = { cascade: '7', depth: 2, origin: `${world.github.url}/acme/x/actions/runs/7` };
    const job = await jobIn(world, inBase(world), { client_payload: sent });
    await leaveRecords(world);
    await job.run();
    const outputs = await job.outputs();
    expect(outputs).toMatchObject({
      dispatched: [{ repository: 'acme/runtime-images', images: ['python', 'nginx'] }],
      waiting: [{ name: 'shop-api' }, { name: 'shop-front' }],
      blocked: [],
      plan: { cycles: [] },
    });
    expect(await job.summary()).toContain('acme/runtime-images');
    expect(world.events).toMatchObject([
      {
        repository: 'acme/runtime-images',
        payload: {
          client_payload: {
            ...sent,
            depth: 3,
            reason: expect.stringContaining('upstream debian-base changed'),
          },
        },
      },
    ]);
  });

  it.each([
    ['another branch', { GITHUB_REF: 'refs/heads/next' }],
    ['a pull request', { GITHUB_REF: 'refs/pull/3/merge', GITHUB_EVENT_NAME: 'pull_request' }],
    ['a tag', { GITHUB_REF: 'refs/tags/v1' }],
  ])('does nothing on %s', async (_, environment) => {
    const world = await settledShop();
    await world.commit('debian-base', { 'docker/debian-base/new': '' });
    await world.publish('debian-base', 'debian-base');
    world.github.requests.length = 0;
    const job = await jobIn(world, { ...inBase(world), ...environment }, { repository: { default_branch: 'main' } });
    await job.run();
    expect(await job.outputs()).toEqual({ dispatched: [], waiting: [], blocked: [], plan: { images: [], cycles: [] } });
    expect(world.github.requests).toEqual([]);
  });

  it('says which step is missing before it', async () => {
    const world = await settledShop();
    const job = await jobIn(world, inBase(world));
    await expect(job.run()).rejects.toThrow(/has not run 'render' successfully; add a step/);
  });

  it('fails after everything is told when a repository could not be started', async () => {
    const world = await settledShop();
    await world.commit('debian-base', { 'docker/debian-base/new': '' });
    await world.publish('debian-base', 'debian-base');
    const token = world.github.createJobToken('acme/debian-base');
    const job = await jobIn(world, { ...inBase(world), INPUT_TOKEN: token });
    await leaveRecords(world);
    await expect(job.run()).rejects.toThrow(/acme\/runtime-images was not told.*GitHub App.*contents: write/);
    expect(await job.outputs()).toMatchObject({
      dispatched: [],
      waiting: [{ name: 'shop-api' }, { name: 'shop-front' }],
    });
  });

  it('looks at the whole fleet on a reconcile, without any record', async () => {
    const world = await settledShop();
    await world.commit('shop-app', { 'main.py': 'print(1)\n' });
    const job = await jobIn(world, { ...inBase(world), INPUT_MODE: 'reconcile' });
    await job.run();
    expect(await job.outputs()).toMatchObject({ dispatched: [{ repository: 'acme/shop-api', images: ['shop-api'] }] });
  });

  it('follows a commit in an application repository', async () => {
    const world = await settledShop();
    const sha = await world.commit('shop-app', { 'main.py': 'print(1)\n' });
    const environment = { GITHUB_REPOSITORY: 'acme/shop-app', GITHUB_SHA: sha, INPUT_MODE: 'after-source' };
    const job = await jobIn(world, environment);
    await job.run();
    expect(await job.outputs()).toMatchObject({ dispatched: [{ repository: 'acme/shop-api' }] });
  });
});
