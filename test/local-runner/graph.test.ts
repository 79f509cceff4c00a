import { describe, expect, it } from '@jest/globals';
import { runWorkflows, type WorkflowRun } from '../../local/runner/index.ts';
import { only, printed, runOnPush, testBed } from './repository.ts';

/** Last line of the log of each job's last step, by the job's name. */
function said(run: WorkflowRun): Record<string, string> {
  return Object.fromEntries(
    run.jobs.map((job) => {
      const last = job.steps.at(-1);
      return [job.name, last === undefined ? job.conclusion : (printed(last).at(-1) ?? job.conclusion)];
    }),
  );
}

describe('jobs', () => {
  it('run when the jobs that they need have succeeded, and see their outputs', async () => {
    const run = await runOnPush(
      await testBed(),
      `
on: push
jobs:
  last:
    needs: [first, broken]
    runs-on: ubuntu-latest
    steps: [{ run: echo never }]
  cleanup:
    needs: [last, first]
    if: always()
    runs-on: ubuntu-latest
    steps: [{ run: 'echo "\${{ needs.last.result }} \${{ needs.first.outputs.color }}"' }]
  blame:
    needs: last
    if: failure()
    runs-on: ubuntu-latest
    steps: [{ run: echo an ancestor failed }]
  first:
    runs-on: ubuntu-latest
    outputs: { color: "\${{ steps.s.outputs.color }}" }
    steps: [{ id: s, run: 'echo color=red >> "$GITHUB_OUTPUT"' }]
  broken:
    runs-on: ubuntu-latest
    steps: [{ run: echo broken; exit 1 }]
`,
    );
    expect(said(run)).toMatchObject({
      last: 'skipped',
      cleanup: 'skipped red',
      blame: 'an ancestor failed',
    });
    expect(run.conclusion).toBe('failure');
  });

  it('run once for each combination of a matrix', async () => {
    const run = await runOnPush(
      await testBed(),
      `
on: push
jobs:
  list:
    runs-on: ubuntu-latest
    outputs: { images: '["a", "b"]' }
    steps: [{ run: 'true' }]
  image:
    needs: list
    strategy:
      matrix:
        image: "\${{ fromJSON(needs.list.outputs.images) }}"
        arch: [x, y]
        exclude: [{ image: b, arch: y }]
        include: [{ image: a, arch: x, extra: more }, { image: c, arch: z }]
    runs-on: ubuntu-latest
    steps:
      - run: echo "\${{ matrix.image }}-\${{ matrix.arch }}\${{ matrix.extra }} \${{ strategy.job-index }}/\${{ strategy.job-total }}"
`,
    );
    expect(said(run)).toMatchObject({
      'image (a, x, more)': 'a-xmore 0/4',
      'image (a, y)': 'a-y 1/4',
      'image (b, x)': 'b-x 2/4',
      'image (c, z)': 'c-z 3/4',
    });
  });

  it('know expressions and functions', async () => {
    const run = await runOnPush(
      await testBed(),
      `
on: push
jobs:
  a:
    runs-on: \${{ vars.MACHINE || 'ubuntu-latest' }}
    steps:
      - run: "true"
      - env:
          LIST: \${{ join(fromJSON('[1, 2]'), '+') }}
          MADE: \${{ format('{0}-{1}', github.ref_name, github.event_name) }}
          PICK: \${{ startsWith(github.ref, 'refs/heads/') && contains('abc', 'B') && 'yes' || 'no' }}
          JSON: \${{ toJSON(matrix) }}
          HASH: \${{ hashFiles('nothing') }}
        run: echo "$LIST $MADE $PICK $JSON [$HASH] \${{ runner.os }} \${{ job.status }} \${{ vars.COLOR }}"
`,
      { vars: { COLOR: 'blue' } },
    );
    expect(said(run)).toEqual({ a: '1+2 main-push yes {} [] Linux success blue' });
  });
});

describe('expressions in a text of several lines', () => {
  it('stand in the text that YAML makes of it', async () => {
    const run = await runOnPush(
      await testBed(),
      `
on: push
jobs:
  folded:
    if: >-
      \${{ github.event_name == 'push' &&
      github.ref == 'refs/heads/topic' }}
    runs-on: ubuntu-latest
    steps: [{ run: "true" }]
  literal:
    runs-on: ubuntu-latest
    steps:
      - env:
          LINES: |
            one \${{ github.event_name }}
              two
        run: |
          printf '%s' "[$LINES]" | tr '\\n' '/'
          cat <<END
           \${{ github.ref_name }}
          END
`,
    );
    expect(said(run).folded).toBe('skipped');
    expect(only(run.jobs[1]?.steps).log.split('\n').slice(-1)).toEqual(['[one push/  two/] main']);
  });
});

describe('a reusable workflow', () => {
  const CALLED = `
on:
  workflow_call:
    inputs:
      text: { type: string, default: preset }
      often: { type: number, default: 2 }
    secrets: { password: { required: false } }
    outputs:
      answer: { value: "\${{ jobs.work.outputs.answer }}" }
env: { OWN: own }
jobs:
  work:
    runs-on: ubuntu-latest
    outputs: { answer: "\${{ steps.s.outputs.answer }}" }
    steps:
      - id: s
        env: { HAS: "\${{ secrets.password != '' }}", ALL: "\${{ secrets.OTHER != '' }}" }
        run: |
          echo "answer=\${{ inputs.text }} \${{ inputs.often }}" >> "$GITHUB_OUTPUT"
          echo "\${{ inputs.text }} $OWN [$CALLER] $HAS $ALL \${{ github.workflow }}"
`;

  it('of the suite runs with inputs and secrets, and gives outputs', async () => {
    const bed = await testBed();
    await bed.suite({ '.github/workflows/image.yml': CALLED });
    const run = await runOnPush(
      bed,
      `
name: caller
on: push
env: { CALLER: caller }
jobs:
  explicit:
    uses: image-cascade/image-cascade/.github/workflows/image.yml@v1
    with: { text: hello }
    secrets: { password: "\${{ secrets.OTHER }}" }
  inherited:
    uses: image-cascade/image-cascade/.github/workflows/image.yml@v1
    secrets: inherit
  after:
    needs: explicit
    runs-on: ubuntu-latest
    steps: [{ run: "echo got \${{ needs.explicit.outputs.answer }}" }]
`,
      { secrets: { OTHER: 'one' } },
    );
    expect(run.errors).toEqual([]);
    expect(said(run)).toEqual({
      'explicit / work': 'hello own [] true false caller',
      'inherited / work': 'preset own [] false true caller',
      after: 'got hello 2',
    });
  });

  it('of the repository itself runs too', async () => {
    const bed = await testBed();
    const run = await runOnPush(
      bed,
      'on: push\njobs:\n  call:\n    uses: ./.github/workflows/called.yml\n    with: { text: near }\n',
      {},
      { '.github/workflows/called.yml': CALLED },
    );
    expect(said(run)).toEqual({ 'call / work': 'near own [] false false .github/workflows/test.yml' });
  });

  it('is not called with what it does not take', async () => {
    const bed = await testBed();
    await bed.suite({ '.github/workflows/image.yml': CALLED });
    const run = await runOnPush(
      bed,
      'on: push\njobs:\n  call:\n    uses: image-cascade/image-cascade/.github/workflows/image.yml@v1\n    with: { txt: x }\n    secrets: { pass: y }\n',
    );
    expect(run.conclusion).toBe('failure');
    expect(run.errors).toEqual([
      ".github/workflows/test.yml:5:13: image-cascade/image-cascade/.github/workflows/image.yml has no input 'txt'; it has text, often",
      ".github/workflows/test.yml:6:16: image-cascade/image-cascade/.github/workflows/image.yml has no secret 'pass'; it has password",
    ]);
  });
});

describe('a pull request of a fork', () => {
  it('gets no secrets, and a token that only reads', async () => {
    const bed = await testBed();
    const sha = await bed.commit({
      '.github/workflows/test.yml': `
on: pull_request
jobs:
  a:
    runs-on: ubuntu-latest
    steps: [{ run: "echo [\${{ secrets.PASSWORD }}]" }]
`,
    });
    const scopes: boolean[] = [];
    const options = bed.options({
      secrets: { PASSWORD: 'hidden' },
      createJobToken: (_repository, { readOnly }) => {
        scopes.push(readOnly);
        return 'token';
      },
    });
    const payload = {
      action: 'opened',
      pull_request: { head: { ref: 'topic', repo: { full_name: 'stranger/image' } }, base: { ref: 'main' } },
    };
    const run = only(await runWorkflows(bed.event('pull_request', sha, payload, 'refs/pull/1/merge'), options));
    expect(said(run)).toEqual({ a: '[]' });
    expect(new Set(scopes)).toEqual(new Set([true]));
  });
});
