import { readFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { runWorkflows, type WorkflowEvent, type WorkflowRun } from '../../local/runner/index.ts';
import { only, printed, type TestBed, testBed } from './repository.ts';

/** An action that shows its inputs, gives an output `images`, and fails where a variable says so. */
const MAIN = `
import { appendFileSync } from 'node:fs';
const name = new URL(import.meta.url).pathname.split('/').at(-2);
const phase = process.env.INPUT_PHASE ?? '';
console.log(Object.keys(process.env).filter((key) => key.startsWith('INPUT_') && process.env[key] !== '').sort().map((key) => key.slice(6) + '=' + process.env[key]).join(' '));
const failing = (process.env.FAILING ?? '').split(' ');
if (!failing.includes(name + '-early')) appendFileSync(process.env.GITHUB_OUTPUT, 'images=[]\\n');
if (failing.includes(name + phase) || failing.includes(name + '-early')) process.exitCode = 1;
`;

const INPUTS: Record<string, string[]> = {
  render: ['config', 'images', 'force', 'platforms', 'token'],
  test: ['phase'],
  build: ['platforms', 'build-args'],
  push: ['registry', 'username', 'password'],
  'dependency-dispatch': ['mode', 'token', 'fleet', 'event-type', 'dry-run'],
};

const CALLER = `
on: { push: , pull_request: , repository_dispatch: , workflow_dispatch: }
jobs:
  image:
    uses: image-cascade/image-cascade/.github/workflows/image.yml@v1
    with:
      registry: "\${{ vars.REGISTRY }}"
      fleet: "\${{ vars.FLEET }}"
      images: "\${{ vars.IMAGES }}"
      force: \${{ vars.IMAGES != '' }}
    secrets: { fleet-token: "\${{ secrets.FLEET_TOKEN }}" }
`;

let bed: TestBed;

beforeEach(async () => {
  bed = await testBed();
  const workflow = await readFile('.github/workflows/image.yml', 'utf8');
  const actions = Object.entries(INPUTS).flatMap(([name, inputs]) => [
    [`actions/${name}/main.mjs`, MAIN],
    [
      `actions/${name}/action.yml`,
      `name: ${name}\ndescription: d\ninputs:\n${inputs.map((input) => `  ${input}: { description: d }\n`).join('')}runs: { using: node24, main: main.mjs }\n`,
    ],
  ]);
  await bed.suite({ '.github/workflows/image.yml': workflow, ...Object.fromEntries(actions) });
});

/** Runs the caller's workflow and gives `step: outcome` of each step but those that follow from others. */
async function outcomes(event: Partial<WorkflowEvent>, failing = ''): Promise<string[]> {
  return (await run(event, failing)).jobs.flatMap((job) =>
    job.steps.filter((step) => !step.name.startsWith('Post ')).map((step) => `${step.name}: ${step.outcome}`),
  );
}

async function run(
  event: Partial<WorkflowEvent>,
  failing = '',
  vars: Record<string, string> = {},
): Promise<WorkflowRun> {
  const sha = await bed.commit({ '.github/workflows/caller.yml': CALLER });
  const payload = { repository: { default_branch: 'main' } };
  const found = only(
    await runWorkflows(
      { ...bed.event('push', sha, payload), ...event },
      bed.options({
        env: { PATH: process.env.PATH ?? '', FAILING: failing },
        secrets: { FLEET_TOKEN: 'token-of-the-fleet' },
        vars: { FLEET: 'acme/a\nacme/b', ...vars },
      }),
    ),
  );
  expect(found.errors).toEqual([]);
  return found;
}

const ALL = [
  'Find what has to wait',
  'Render',
  'Test the specification',
  'Build',
  'Test the images',
  'Push',
  'Start the dependents',
  'Preview the cascade',
];

function expected(results: string): string[] {
  const letters = { s: 'success', f: 'failure', '-': 'skipped' } as const;
  return [
    'Check out: success',
    'Log in: skipped',
    'Get the token of the GitHub App: skipped',
    ...[...results].map((letter, index) => `${ALL[index]}: ${letters[letter as keyof typeof letters]}`),
  ];
}

describe('the reusable workflow', () => {
  it('runs its steps in order; only the default branch waits for upstreams and starts the dependents', async () => {
    expect(await outcomes({})).toEqual(expected('sssssss-'));
    expect(await outcomes({ name: 'repository_dispatch' })).toEqual(expected('sssssss-'));
    expect(await outcomes({ name: 'workflow_dispatch' })).toEqual(expected('-ssssss-'));
    expect(await outcomes({ ref: 'refs/heads/topic' })).toEqual(expected('-sssss--'));
  });

  it('gives the steps their inputs', async () => {
    const { jobs } = await run({}, '', { IMAGES: 'web-*' });
    const said = Object.fromEntries(only(jobs).steps.map((step) => [step.name, printed(step).join(' ')]));
    expect(said).toMatchObject({
      'Find what has to wait': 'EVENT-TYPE=image-cascade FLEET=acme/a acme/b MODE=before-build TOKEN=***',
      Render: 'FORCE=true IMAGES=web-* TOKEN=***',
      'Test the specification': 'PHASE=spec',
      'Test the images': 'PHASE=integration',
      'Start the dependents': 'EVENT-TYPE=image-cascade FLEET=acme/a acme/b TOKEN=***',
    });
  });

  it('tests and publishes what was built although another image failed, and ends as a failure', async () => {
    expect(await outcomes({}, 'build')).toEqual(expected('sssfsss-'));
    expect(await outcomes({}, 'testintegration')).toEqual(expected('ssssfss-'));
    expect((await run({}, 'build')).conclusion).toBe('failure');
  });

  it('stops where nothing can follow', async () => {
    expect(await outcomes({}, 'render')).toEqual(expected('sf------'));
    expect(await outcomes({}, 'testspec')).toEqual(expected('ssf-----'));
    expect(await outcomes({}, 'build-early')).toEqual(expected('sssf----'));
    expect(await outcomes({}, 'push-early')).toEqual(expected('sssssf--'));
  });

  it('builds a pull request of a fork without logging in anywhere', async () => {
    const pull = { head: { ref: 'topic', repo: { full_name: 'stranger/image' } }, base: { ref: 'main' } };
    const event = {
      name: 'pull_request',
      ref: 'refs/pull/1/merge',
      payload: { action: 'opened', repository: { default_branch: 'main' }, pull_request: pull },
    };
    const { jobs } = await run(event, '', { REGISTRY: 'ghcr.io' });
    const steps = only(jobs).steps.map((step) => `${step.name}: ${step.outcome}`);
    expect(steps.slice(0, 11)).toEqual(expected('-sssss-s'));
  });

  it('says so when there is no password for the registry', async () => {
    const { jobs } = await run({}, '', { REGISTRY: 'registry.example' });
    expect(only(jobs).steps[1]?.annotations).toEqual([
      {
        level: 'notice',
        message: "No password for registry.example: give the workflow the secret 'registry-password' to log in.",
      },
    ]);
  });
});
