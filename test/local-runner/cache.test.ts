import { describe, expect, it } from '@jest/globals';
import { createScheduler, runWorkflows } from '../../local/runner/index.ts';
import { only, printed, step, testBed } from './repository.ts';

const workflow = `
on: [push, workflow_dispatch]
jobs:
  count:
    runs-on: ubuntu-latest
    steps:
      - id: cache
        uses: actions/cache@0057852bfaa89a56745cba8c7296529d2fc39830
        with:
          path: \${{ runner.temp }}/count
          key: count-\${{ github.run_id }}
          restore-keys: count-
      - name: count
        run: |
          echo "hit: '\${{ steps.cache.outputs.cache-hit }}'"
          echo again >> "$RUNNER_TEMP/count"
          wc -l < "$RUNNER_TEMP/count"
          exit \${{ github.event.status || 0 }}
`;

describe('actions/cache', () => {
  it('restores what the last job that succeeded has saved, by the beginning of its key', async () => {
    const bed = await testBed();
    const sha = await bed.commit({ '.github/workflows/count.yml': workflow });
    const scheduler = createScheduler();
    const count = async (status = 0) => {
      const event = bed.event('workflow_dispatch', sha, { status });
      return printed(step(only(await runWorkflows(event, bed.options({ scheduler }))), 'count')).slice(0, 2);
    };
    expect(await count()).toEqual(["hit: ''", '1']);
    expect(await count()).toEqual(["hit: 'false'", '2']);
    expect(await count(1)).toEqual(["hit: 'false'", '3']);
    expect(await count()).toEqual(["hit: 'false'", '3']);
  });

  it('refuses inputs that it does not know', async () => {
    const bed = await testBed();
    const sha = await bed.commit({ '.github/workflows/count.yml': workflow.replace('restore-keys', 'lookup-only') });
    const run = only(await runWorkflows(bed.event('push', sha), bed.options()));
    expect(run.errors.join()).toMatch(/input 'lookup-only' of actions\/cache is not supported/);
  });
});
