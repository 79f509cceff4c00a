import { describe, expect, it } from '@jest/globals';
import { createScheduler, runWorkflows } from '../../local/runner/index.ts';
import { only, testBed } from './repository.ts';

const workflow = `on: [push, workflow_dispatch]
jobs:
  job:
    runs-on: ubuntu-latest
    steps:
      - if: github.event_name == 'push'
        run: mkdir out && echo kept > out/file
      - if: github.event_name == 'push'
        uses: actions/upload-artifact@v6
        with: { name: result, path: out }
      - if: github.event_name == 'workflow_dispatch'
        uses: actions/download-artifact@v7
        with:
          name: \${{ github.event.name }}
          path: in
          run-id: \${{ github.event.run }}
          github-token: x
      - if: github.event_name == 'workflow_dispatch'
        run: cat in/file
`;

describe('artifacts', () => {
  it('are there for later runs', async () => {
    const bed = await testBed();
    const sha = await bed.commit({ '.github/workflows/a.yml': workflow });
    const options = bed.options({ scheduler: createScheduler() });
    const first = only(await runWorkflows(bed.event('push', sha), options));
    expect(first.conclusion).toBe('success');
    const event = bed.event('workflow_dispatch', sha, { run: first.id, name: 'result' });
    const second = only(await runWorkflows(event, options));
    expect(second.jobs[0]?.steps.at(-1)?.log).toContain('kept');
  });

  it('fail the run that asks for one which is not there', async () => {
    const bed = await testBed();
    const sha = await bed.commit({ '.github/workflows/a.yml': workflow });
    const event = bed.event('workflow_dispatch', sha, { run: 1, name: 'gone' });
    const run = only(await runWorkflows(event, bed.options()));
    expect(run.conclusion).toBe('failure');
    expect(run.jobs[0]?.steps.map(({ log }) => log).join()).toContain('Artifact not found for name: gone');
  });
});
