import { describe, expect, it } from '@jest/globals';
import { runOnPush, testBed } from './repository.ts';

describe('a workflow that this runner cannot run as GitHub does', () => {
  it('is refused before anything runs, with every reason and its place', async () => {
    const bed = await testBed();
    await bed.suite({
      'actions/composite/action.yml':
        'name: c\ndescription: d\nruns:\n  using: composite\n  steps: [{ run: ls, shell: bash }]\n',
      'actions/old/action.yml': 'name: o\ndescription: d\nruns: { using: node20, main: a.js }\n',
    });
    const run = await runOnPush(
      bed,
      `on: push
jobs:
  a:
    runs-on: windows-latest
    container: debian
    environment: production
    services: { db: { image: postgres } }
    steps:
      - uses: actions/setup-node@v4
      - uses: docker://debian
      - uses: image-cascade/image-cascade/actions/composite@v1
      - uses: image-cascade/image-cascade/actions/old@v1
      - uses: image-cascade/image-cascade/actions/missing@v1
      - uses: actions/checkout@v6
        with: { submodules: true }
      - run: Write-Host
        shell: pwsh
  b:
    uses: other/repository/.github/workflows/x.yml@v1
`,
    );
    expect(run.conclusion).toBe('failure');
    expect(run.jobs).toEqual([]);
    const file = '.github/workflows/test.yml';
    expect(run.errors).toEqual([
      `${file}:5:5: 'container' of a job is not supported; run the job on the machine itself`,
      `${file}:7:5: 'services' of a job is not supported; start what is needed in a step`,
      `${file}:6:5: 'environment' of a job is not supported; remove it`,
      `${file}:4:5: there is no machine 'windows-latest' here; use ubuntu-latest`,
      `${file}:9:9: actions/setup-node@v4: an action of actions/setup-node is not supported; use actions of image-cascade/image-cascade, or a script`,
      `${file}:10:9: docker://debian: actions that are container images is not supported; use actions of image-cascade/image-cascade, or a script`,
      `${file}:11:9: image-cascade/image-cascade/actions/composite@v1/action.yml:1:1: an action that runs with 'composite' is not supported; use node24`,
      `${file}:12:9: image-cascade/image-cascade/actions/old@v1/action.yml:1:1: an action that runs with 'node20' is not supported; use node24`,
      `${file}:13:9: image-cascade/image-cascade/actions/missing@v1 has no action.yml; correct the path`,
      `${file}:15:17: input 'submodules' of actions/checkout is not supported; remove it`,
      `${file}:17:9: shell 'pwsh' is not supported; use bash or sh`,
      `${file}:19:5: reusable workflows of other repositories are not supported; call one of image-cascade/image-cascade`,
    ]);
    expect(bed.log.at(-1)).toBe('acme/image: .github/workflows/test.yml #1: failure');
  });

  it('is refused for what GitHub itself refuses', async () => {
    const errorsOf = async (job: string) =>
      (await runOnPush(await testBed(), `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    ${job}\n`)).errors;
    expect(await errorsOf('stepz: []')).toEqual([
      ".github/workflows/test.yml:5:5: Unexpected value 'stepz'; GitHub would not run this workflow",
    ]);
    expect(await errorsOf('steps: [{ run: ls, if: secrets.A }]')).toEqual([
      ".github/workflows/test.yml:5:28: Unrecognized named-value: 'secrets'; GitHub would not run this workflow",
    ]);
  });
});
