import { describe, expect, it } from '@jest/globals';
import { only, printed, runOnPush, step, testBed } from './repository.ts';

describe('a job', () => {
  it('runs its steps in order and hands outputs, environment and paths from one to the next', async () => {
    const run = await runOnPush(
      await testBed(),
      `
on: push
env: { WHO: world, SCOPE: workflow }
jobs:
  hello:
    runs-on: ubuntu-latest
    env: { SCOPE: job }
    outputs:
      greeting: \${{ steps.greet.outputs.text }}
    steps:
      - id: greet
        name: Greet \${{ env.WHO }}
        env: { SCOPE: step }
        run: |
          echo "text=hello $WHO from $SCOPE" >> "$GITHUB_OUTPUT"
          { echo 'lines<<END'; echo one; echo two; echo END; } >> "$GITHUB_OUTPUT"
          echo "LATER=from a file" >> "$GITHUB_ENV"
          mkdir -p "$RUNNER_TEMP/bin"; printf '#!/bin/sh\\necho my tool\\n' > "$RUNNER_TEMP/bin/tool"
          chmod +x "$RUNNER_TEMP/bin/tool"; echo "$RUNNER_TEMP/bin" >> "$GITHUB_PATH"
          echo '# Done' >> "$GITHUB_STEP_SUMMARY"
      - name: look
        run: |
          echo "$LATER, $SCOPE, \${{ env.LATER }}, \${{ steps.greet.outputs.lines }}"
          tool
`,
    );
    expect(run.errors).toEqual([]);
    expect(run.conclusion).toBe('success');
    const job = only(run.jobs);
    expect(job.outputs).toEqual({ greeting: 'hello world from step' });
    expect(step(run, 'Greet world').summary).toBe('# Done\n');
    expect(printed(step(run, 'look'))).toEqual(['from a file, job, from a file, one', 'two', 'my tool']);
  });

  it('gives a step the variables of a hosted Linux runner', async () => {
    const run = await runOnPush(
      await testBed(),
      `
on: push
name: all variables
jobs:
  show:
    runs-on: ubuntu-latest
    steps:
      - name: env
        run: env | sort; cat "$GITHUB_EVENT_PATH"
`,
    );
    const lines = printed(step(run, 'env'));
    const names = lines.filter((line) => /^(GITHUB|RUNNER)_|^CI=/.test(line)).map((line) => line.split('=')[0]);
    expect(names).toEqual([
      'CI',
      ...'ACTION ACTIONS ACTOR ACTOR_ID API_URL BASE_REF ENV EVENT_NAME EVENT_PATH GRAPHQL_URL HEAD_REF JOB OUTPUT PATH REF REF_NAME REF_PROTECTED REF_TYPE REPOSITORY REPOSITORY_ID REPOSITORY_OWNER REPOSITORY_OWNER_ID RETENTION_DAYS RUN_ATTEMPT RUN_ID RUN_NUMBER SERVER_URL SHA STATE STEP_SUMMARY TRIGGERING_ACTOR WORKFLOW WORKFLOW_REF WORKFLOW_SHA WORKSPACE'
        .split(' ')
        .map((name) => `GITHUB_${name}`),
      ...'ARCH ENVIRONMENT NAME OS TEMP TOOL_CACHE TRACKING_ID WORKSPACE'.split(' ').map((name) => `RUNNER_${name}`),
    ]);
    expect(lines).toContain('GITHUB_REPOSITORY=acme/image');
    expect(lines).toContain('GITHUB_REF_NAME=main');
    expect(lines).toContain('GITHUB_WORKFLOW=all variables');
    expect(lines).toContain('GITHUB_WORKFLOW_REF=acme/image/.github/workflows/test.yml@refs/heads/main');
    expect(lines).toContain('{}');
  });

  it('goes on after a failure only where a condition says so, and forgives continue-on-error', async () => {
    const run = await runOnPush(
      await testBed(),
      `
on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - { id: soft, name: soft, run: exit 3, continue-on-error: true }
      - { name: after soft, run: "echo \${{ steps.soft.outcome }} \${{ steps.soft.conclusion }}" }
      - { name: hard, run: "false | true; exit 4", shell: bash }
      - { name: skipped, run: echo no }
      - { name: on failure, if: failure(), run: echo yes }
      - { name: always, if: "\${{ always() && github.ref == 'refs/heads/main' }}", run: echo yes }
`,
    );
    expect(only(run.jobs).steps.map((item) => `${item.name}: ${item.outcome}/${item.conclusion}`)).toEqual([
      'soft: failure/success',
      'after soft: success/success',
      'hard: failure/failure',
      'skipped: skipped/skipped',
      'on failure: success/success',
      'always: success/success',
    ]);
    expect(printed(step(run, 'after soft'))).toEqual(['failure success']);
    expect(run.conclusion).toBe('failure');
    expect(step(run, 'hard').annotations).toEqual([{ level: 'error', message: 'Process completed with exit code 1.' }]);
  });

  it('turns workflow commands into annotations, groups and masks', async () => {
    const run = await runOnPush(
      await testBed(),
      `
on: push
jobs:
  a:
    runs-on: ubuntu-latest
    outputs: { leak: "\${{ steps.log.outputs.leak }}" }
    steps:
      - id: log
        name: log
        env: { PASSWORD: "\${{ secrets.PASSWORD }}" }
        run: |
          echo "::error file=$GITHUB_WORKSPACE/images.yaml,line=3,col=7,title=Bad%2C really::no such%0Akey"
          echo "::warning::careful"
          echo "::group::Details"; echo inside; echo "::endgroup::"
          echo "::add-mask::hidden"
          echo "the $PASSWORD is hidden, the token is \${{ github.token }}"
          echo "::debug::not shown"
          echo "::stop-commands::pause"; echo "::error::text only"; echo "::pause::"
          echo "::notice::on again"
          echo "leak=$PASSWORD" >> "$GITHUB_OUTPUT"
          echo "about $PASSWORD" >> "$GITHUB_STEP_SUMMARY"
`,
      { secrets: { PASSWORD: 's3cret' } },
    );
    const log = step(run, 'log');
    expect(log.annotations).toEqual([
      { level: 'error', file: 'images.yaml', line: 3, col: 7, title: 'Bad, really', message: 'no such\nkey' },
      { level: 'warning', message: 'careful' },
      { level: 'notice', message: 'on again' },
    ]);
    expect(log.log).not.toContain('s3cret');
    expect(log.log).toContain('the *** is ***, the token is ***');
    expect(log.log).toContain('##[group]Details\ninside\n##[endgroup]');
    expect(printed(log)).not.toContain('##[debug]not shown');
    expect(log.summary).toBe('about ***\n');
    expect(only(run.jobs).outputs).toEqual({});
  });

  it('fails a step that writes nonsense into a command file, or uses a command that GitHub disabled', async () => {
    const run = await runOnPush(
      await testBed(),
      `
on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - { name: file, run: echo 'a<<END' >> "$GITHUB_OUTPUT" }
      - { name: command, if: always(), run: "echo '::set-env name=A::b'" }
`,
    );
    expect(step(run, 'file').annotations[0]?.message).toBe(
      "Unable to process file command 'output' successfully: Invalid value. Matching delimiter not found 'END'",
    );
    expect(step(run, 'command')).toMatchObject({ outcome: 'failure' });
  });

  it('drops a summary of more than one MiB with an error that fails nothing', async () => {
    const run = await runOnPush(
      await testBed(),
      `
on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - { name: big, run: head -c 1100000 /dev/zero | tr '\\0' x >> "$GITHUB_STEP_SUMMARY" }
`,
    );
    expect(step(run, 'big')).toMatchObject({ outcome: 'success', summary: '' });
    expect(step(run, 'big').annotations[0]?.message).toContain('supports content up to a size of 1024k, got 1074k');
  });

  it('ends a step whose time is up', async () => {
    const run = await runOnPush(
      await testBed(),
      `
on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - { name: slow, run: "exec sleep 60", timeout-minutes: 0.005 }
`,
    );
    expect(step(run, 'slow')).toMatchObject({ outcome: 'failure' });
    expect(step(run, 'slow').annotations[0]?.message).toContain('has timed out after 0.005 minutes');
  });
});
