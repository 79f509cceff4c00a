import { describe, expect, it } from '@jest/globals';
import { runWorkflows } from '../../local/runner/index.ts';
import { only, printed, runOnPush, step, testBed } from './repository.ts';

const job = (inputs: string, script: string): string => `
on: [push, pull_request]
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - { name: checkout, uses: actions/checkout@v6, with: { ${inputs} } }
      - name: look
        run: |
          ${script}
`;

describe('actions/checkout', () => {
  it('fetches the commit of the event alone, on its branch', async () => {
    const bed = await testBed();
    const first = await bed.commit({
      '.github/workflows/test.yml': job(
        '',
        'git branch --show-current; git rev-list --count HEAD; cat file; git rev-parse HEAD',
      ),
      file: 'first',
    });
    await bed.commit({ file: 'second' });
    const run = only(await runWorkflows(bed.event('push', first), bed.options()));
    expect(printed(step(run, 'look'))).toEqual(['main', '1', `first${first}`]);
    expect(step(run, 'checkout').outputs).toEqual({ ref: 'refs/heads/main', commit: first });
  });

  it('fetches all history with fetch-depth 0, without its files where a filter says so', async () => {
    const bed = await testBed();
    await bed.commit({ file: 'first' });
    await bed.commit({ file: 'second' });
    const run = await runOnPush(
      bed,
      job(
        'fetch-depth: 0, filter: "tree:0"',
        'git rev-list --count HEAD; cat file; git rev-list --missing=print --objects HEAD~2 | grep -c "^?"',
      ),
    );
    expect(run.conclusion).toBe('success');
    expect(printed(step(run, 'look'))[0]).toBe('3');
  });

  it('leaves credentials for later git commands, and takes them away at the end', async () => {
    const run = await runOnPush(
      await testBed(),
      job(
        'path: sub',
        'git -C sub config --get-regexp extraheader | cut -c1-40; grep -c "basic" sub/.git/config || true',
      ),
    );
    const [header, inConfiguration] = printed(step(run, 'look'));
    expect(header).toMatch(/^http\.file:\/\/.*/);
    expect(inConfiguration).toBe('0');
    expect(step(run, 'Post checkout').log).toContain('--unset-all');
  });

  it('leaves no credentials with persist-credentials: false', async () => {
    const run = await runOnPush(
      await testBed(),
      job(
        'persist-credentials: false',
        'git config --get-regexp "extraheader|includeif" || echo none; ls "$RUNNER_TEMP" | grep -c credentials || true',
      ),
    );
    expect(printed(step(run, 'look'))).toEqual(['none', '0']);
  });

  it('checks out the merge commit of a pull request, on no branch', async () => {
    const bed = await testBed();
    const merge = await bed.commit({
      '.github/workflows/test.yml': job(
        '',
        'git symbolic-ref -q HEAD || echo detached; echo "$GITHUB_HEAD_REF into $GITHUB_BASE_REF at $GITHUB_REF_NAME"',
      ),
    });
    const payload = {
      action: 'opened',
      pull_request: { head: { ref: 'topic', repo: { full_name: 'acme/image' } }, base: { ref: 'main' } },
    };
    const event = bed.event('pull_request', merge, payload, 'refs/pull/3/merge');
    const run = only(await runWorkflows(event, bed.options()));
    expect(printed(step(run, 'look'))).toEqual(['detached', 'topic into main at 3/merge']);
  });

  it('says what is wrong when the path leaves the workspace', async () => {
    const run = await runOnPush(await testBed(), job('path: ../elsewhere', 'true'));
    expect(step(run, 'checkout').annotations[0]?.message).toMatch(/elsewhere' is not under '/);
  });
});
