import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { untilTrue } from '../../local/processes/index.ts';
import { createScheduler, runWorkflows } from '../../local/runner/index.ts';
import { only, step, type TestBed, testBed } from './repository.ts';

/** A job that says that it runs by making a file, and ends when there is another. */
const waiting = (name: string) => `touch "$DOOR/${name}-started"; until [ -e "$DOOR/${name}-go" ]; do sleep 0.05; done`;

function started(bed: TestBed, name: string): Promise<void> {
  return untilTrue(() => existsSync(join(bed.root, `${name}-started`)), { what: `${name} to start`, intervalMs: 20 });
}

describe('a concurrency group', () => {
  it('lets one run, keeps the newest waiting and cancels those between', async () => {
    const bed = await testBed();
    const sha = await bed.commit({
      '.github/workflows/test.yml':
        `
on: repository_dispatch: { types: [go] }
`.replace('on: repo', 'on:\n  repo') +
        `
concurrency: { group: "image-\${{ github.ref }}", cancel-in-progress: false }
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - name: wait
        env: { NAME: "\${{ github.event.client_payload.name }}" }
        run: ${waiting('$NAME')}
`,
    });
    const scheduler = createScheduler();
    const queued: string[] = [];
    const send = async (name: string, repository = 'acme/image') => {
      const event = {
        ...bed.event('repository_dispatch', sha, { action: 'go', client_payload: { name } }),
        repository,
      };
      const options = bed.options({
        scheduler,
        env: { PATH: process.env.PATH ?? '', DOOR: bed.root },
        onRun: (run) => run.status === 'queued' && queued.push(name),
      });
      return only(await runWorkflows(event, options));
    };
    const first = send('first');
    await started(bed, 'first');
    const second = send('second');
    await untilTrue(() => queued.length === 2, { what: 'the second run', intervalMs: 20 });
    const third = send('third');
    expect((await second).conclusion).toBe('cancelled');
    expect(existsSync(join(bed.root, 'third-started'))).toBe(false);
    await writeFile(join(bed.root, 'first-go'), '');
    expect((await first).conclusion).toBe('success');
    await started(bed, 'third');
    await writeFile(join(bed.root, 'third-go'), '');
    expect((await third).conclusion).toBe('success');
  });

  it('cancels the one that runs with cancel-in-progress', async () => {
    const bed = await testBed();
    const scheduler = createScheduler();
    const workflow = (script: string) => `
on: push
jobs:
  a:
    runs-on: ubuntu-latest
    concurrency: { group: one, cancel-in-progress: true }
    steps: [{ name: wait, run: '${script}' }]
`;
    const options = bed.options({ scheduler, env: { PATH: process.env.PATH ?? '', DOOR: bed.root } });
    const slow = await bed.commit({
      '.github/workflows/test.yml': workflow('touch "$DOOR/slow-started"; exec sleep 60'),
    });
    const quick = await bed.commit({ '.github/workflows/test.yml': workflow('true') });
    const first = runWorkflows(bed.event('push', slow), options);
    await started(bed, 'slow');
    expect(only(await runWorkflows(bed.event('push', quick), options)).conclusion).toBe('success');
    const run = only(await first);
    expect(run.conclusion).toBe('cancelled');
    expect(step(run, 'wait')).toMatchObject({ outcome: 'cancelled' });
  });

  it('that a workflow holds already is no reason to wait for ever in a workflow that it calls', async () => {
    const bed = await testBed();
    await bed.suite({
      '.github/workflows/image.yml':
        'on: { workflow_call: }\nconcurrency: same\njobs: { a: { runs-on: ubuntu-latest, steps: [{ run: "true" }] } }\n',
    });
    const sha = await bed.commit({
      '.github/workflows/test.yml':
        'on: push\nconcurrency: same\njobs:\n  a:\n    uses: image-cascade/image-cascade/.github/workflows/image.yml@v1\n',
    });
    const run = only(await runWorkflows(bed.event('push', sha), bed.options()));
    expect(run.conclusion).toBe('cancelled');
    expect(bed.log.join('\n')).toContain("deadlock for concurrency group 'same'");
  });
});

describe('a cancelled run', () => {
  it('ends the step that runs with SIGINT, and still runs what is to run always', async () => {
    const bed = await testBed();
    await bed.suite({
      'package.json': '{ "type": "module" }',
      'actions/slow/action.yml': 'name: s\ndescription: d\nruns: { using: node24, main: main.js, post: post.js }\n',
      'actions/slow/main.js': `
import { writeFileSync } from 'node:fs';
process.on('SIGINT', () => { console.log('interrupted'); process.exit(1); });
setTimeout(() => {}, 60_000);
writeFileSync(process.env.DOOR + '/slow-started', '');
`,
      'actions/slow/post.js': 'console.log("tidied up");',
    });
    const sha = await bed.commit({
      '.github/workflows/test.yml': `
on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - { name: slow, uses: image-cascade/image-cascade/actions/slow@v1 }
      - { name: next, run: echo no }
      - { name: failed, if: failure(), run: echo no }
      - { name: always, if: always(), run: "echo \${{ job.status }}" }
  b:
    needs: a
    runs-on: ubuntu-latest
    steps: [{ run: echo no }]
`,
    });
    const controller = new AbortController();
    const options = bed.options({ signal: controller.signal, env: { PATH: process.env.PATH ?? '', DOOR: bed.root } });
    const promise = runWorkflows(bed.event('push', sha), options);
    await started(bed, 'slow');
    controller.abort();
    const run = only(await promise);
    expect(run.conclusion).toBe('cancelled');
    expect(run.jobs.map((job) => `${job.name}: ${job.conclusion}`)).toEqual(['a: cancelled', 'b: cancelled']);
    expect(run.jobs[0]?.steps.map((item) => `${item.name}: ${item.conclusion}`)).toEqual([
      'slow: cancelled',
      'next: skipped',
      'failed: skipped',
      'always: success',
      'Post slow: success',
    ]);
    expect(run.jobs[0]?.steps[0]?.log).toContain('interrupted');
    expect(run.jobs[0]?.steps.at(-1)?.log).toBe('tidied up');
  });
});

describe('the end of a job', () => {
  it('ends the processes that its steps left behind', async () => {
    const bed = await testBed();
    const sha = await bed.commit({
      '.github/workflows/test.yml': `
on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: |
          setsid sleep 300 > /dev/null 2>&1 &
          echo $! > "$DOOR/pid"
`,
    });
    const run = only(
      await runWorkflows(
        bed.event('push', sha),
        bed.options({ env: { PATH: process.env.PATH ?? '', DOOR: bed.root } }),
      ),
    );
    expect(run.conclusion).toBe('success');
    expect(bed.log.join('\n')).toContain('ended 1 processes that the job left behind');
  });
});
