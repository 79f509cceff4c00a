import { describe, expect, it } from '@jest/globals';
import { runWorkflows, type WorkflowEvent } from '../../local/runner/index.ts';
import { only, printed, type TestBed, testBed } from './repository.ts';

const JOB = 'jobs: { a: { runs-on: ubuntu-latest, steps: [{ run: "true" }] } }';

/** Names of the workflow files of `bed` that an event starts. */
async function started(bed: TestBed, event: WorkflowEvent): Promise<string[]> {
  const runs = await runWorkflows(event, bed.options());
  return runs.map((run) => run.workflow.replace('.github/workflows/', ''));
}

function workflows(triggers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(triggers).map(([name, on]) => [`.github/workflows/${name}.yml`, `on: ${on}\n${JOB}\n`]),
  );
}

describe('a push', () => {
  it('starts the workflows whose filters let its branch or tag through', async () => {
    const bed = await testBed();
    const sha = await bed.commit(
      workflows({
        all: 'push',
        main: '{ push: { branches: [main] } }',
        release: '{ push: { branches: ["release/**", "!release/old"] } }',
        'not-main': '{ push: { branches-ignore: [main] } }',
        tags: '{ push: { tags: ["v[0-9]+"] } }',
        other: 'pull_request',
      }),
    );
    const at = (ref: string) => started(bed, bed.event('push', sha, {}, ref));
    expect(await at('refs/heads/main')).toEqual(['all.yml', 'main.yml']);
    expect(await at('refs/heads/release/1/x')).toEqual(['all.yml', 'not-main.yml', 'release.yml']);
    expect(await at('refs/heads/release/old')).toEqual(['all.yml', 'not-main.yml']);
    expect(await at('refs/tags/v12')).toEqual(['all.yml', 'tags.yml']);
  });

  it('starts the workflows whose paths it touched', async () => {
    const bed = await testBed();
    const before = await bed.commit({
      ...workflows({
        docker: '{ push: { paths: ["docker/**"] } }',
        'not-docs': '{ push: { paths-ignore: ["**.md", "docs/**"] } }',
      }),
      'README.md': 'one',
    });
    const documented = await bed.commit({ 'README.md': 'two', 'docs/a.txt': 'a' });
    const changed = await bed.commit({ 'docker/base/Dockerfile.j2': 'FROM scratch' });
    expect(await started(bed, bed.event('push', documented, { before }))).toEqual([]);
    expect(await started(bed, bed.event('push', changed, { before: documented }))).toEqual([
      'docker.yml',
      'not-docs.yml',
    ]);
    expect(await started(bed, bed.event('push', changed, { before: '0'.repeat(40) }))).toEqual([
      'docker.yml',
      'not-docs.yml',
    ]);
  });

  it('starts nothing when its commit says so', async () => {
    const bed = await testBed();
    const sha = await bed.commit(workflows({ all: 'push' }));
    expect(await started(bed, bed.event('push', sha, { head_commit: { message: 'docs [skip ci]' } }))).toEqual([]);
  });
});

describe('other events', () => {
  it('start the workflows that ask for their type', async () => {
    const bed = await testBed();
    const sha = await bed.commit(
      workflows({
        cascade: '{ repository_dispatch: { types: [image-cascade] } }',
        dispatch: '{ repository_dispatch: }',
        pull: '{ pull_request: { branches: [main] } }',
        'pull-closed': '{ pull_request: { types: [closed] } }',
        nightly: '{ schedule: [{ cron: "17 3 * * *" }] }',
      }),
    );
    const at = (name: string, payload: object) => started(bed, bed.event(name, sha, payload));
    expect(await at('repository_dispatch', { action: 'image-cascade' })).toEqual(['cascade.yml', 'dispatch.yml']);
    expect(await at('repository_dispatch', { action: 'other' })).toEqual(['dispatch.yml']);
    const pull = { pull_request: { base: { ref: 'main' }, head: { ref: 'topic' } } };
    expect(await at('pull_request', { action: 'synchronize', ...pull })).toEqual(['pull.yml']);
    expect(await at('pull_request', { action: 'closed', ...pull })).toEqual(['pull-closed.yml']);
    expect(await at('schedule', { schedule: '17 3 * * *' })).toEqual(['nightly.yml']);
    expect(await at('schedule', { schedule: '0 0 * * *' })).toEqual([]);
  });

  it('by hand give inputs with their defaults and types', async () => {
    const bed = await testBed();
    const sha = await bed.commit({
      '.github/workflows/hand.yml': `
on:
  workflow_dispatch:
    inputs:
      force: { type: boolean, default: false }
      level: { type: choice, options: [low, high], default: low }
      name: { required: true }
jobs:
  a:
    runs-on: ubuntu-latest
    steps: [{ run: "echo \${{ toJSON(inputs.force) }} \${{ inputs.level }} \${{ inputs.name }}" }]
`,
    });
    const by = (inputs: object) =>
      runWorkflows(bed.event('workflow_dispatch', sha, { inputs, workflow: 'hand.yml' }), bed.options());
    const run = only(await by({ force: 'true', name: 'me' }));
    expect(printed(only(only(run.jobs).steps))).toEqual(['true low me']);
    expect(only(await by({ level: 'middle', other: 'x' })).errors).toEqual([
      ".github/workflows/hand.yml:1:1: there is no input 'other'; leave it out",
      ".github/workflows/hand.yml:1:1: 'middle' is no option of 'level'; use low, high",
      ".github/workflows/hand.yml:1:1: the input 'name' is required; give it a value",
    ]);
  });
});
