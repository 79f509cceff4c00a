import { describe, expect, it } from '@jest/globals';
import { only, printed, runOnPush, step, testBed } from './repository.ts';

const PRINTER = `
name: printer
description: Prints what it gets.
inputs:
  text: { description: Text., default: preset }
  two words: { description: Other text. }
  token: { description: Token., default: '\${{ github.token }}' }
runs: { using: node24, main: ../../dist/printer.js, post: ../../dist/printer-post.js }
`;

const PRINTER_MAIN = `
import { appendFileSync } from 'node:fs';
const { env } = process;
console.log(process.version.split('.')[0]);
console.log([env.INPUT_TEXT, env['INPUT_TWO_WORDS'], env.INPUT_TOKEN, env.GITHUB_ACTION, env.GITHUB_ACTION_REPOSITORY, env.GITHUB_ACTION_REF].join('|'));
appendFileSync(env.GITHUB_STATE, 'number=7\\n');
appendFileSync(env.GITHUB_OUTPUT, 'upper=' + env.INPUT_TEXT.toUpperCase() + '\\n');
if (env.INPUT_TEXT === 'fail') process.exitCode = 1;
`;

const SUITE = {
  'package.json': '{ "type": "module" }',
  'actions/printer/action.yml': PRINTER,
  'dist/printer.js': PRINTER_MAIN,
  'dist/printer-post.js': 'console.log("bye", process.env.STATE_number, process.env.INPUT_TEXT);',
};

describe('an action of the suite', () => {
  it('runs on Node 24 with its inputs, defaults included, and gives outputs', async () => {
    const bed = await testBed();
    await bed.suite(SUITE);
    const run = await runOnPush(
      bed,
      `
on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - { id: first, name: first, uses: image-cascade/image-cascade/actions/printer@v1, with: { two words: x y } }
      - { name: second, uses: Image-Cascade/image-cascade/actions/printer@v1, with: { text: "\${{ steps.first.outputs.upper }}" } }
`,
    );
    expect(run.errors).toEqual([]);
    expect(printed(step(run, 'first'))).toEqual(['v24', 'preset|x y|***|first|image-cascade/image-cascade|v1']);
    expect(printed(step(run, 'second')).at(-1)).toBe(
      'PRESET||***|__Image-Cascade_image-cascade|image-cascade/image-cascade|v1',
    );
  });

  it('runs its post step at the end, last action first, with the state it saved, also after a failure', async () => {
    const bed = await testBed();
    await bed.suite(SUITE);
    const run = await runOnPush(
      bed,
      `
on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - { name: one, uses: image-cascade/image-cascade/actions/printer@v1 }
      - { name: two, uses: image-cascade/image-cascade/actions/printer@v1, with: { text: fail } }
      - { name: three, uses: image-cascade/image-cascade/actions/printer@v1 }
`,
    );
    expect(only(run.jobs).steps.map((item) => `${item.name}: ${item.outcome}`)).toEqual([
      'one: success',
      'two: failure',
      'three: skipped',
      'Post two: success',
      'Post one: success',
    ]);
    expect(step(run, 'Post two').log).toBe('bye 7 fail');
  });

  it('is told about an input that it does not have', async () => {
    const bed = await testBed();
    await bed.suite(SUITE);
    const run = await runOnPush(
      bed,
      `
on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - { name: one, uses: image-cascade/image-cascade/actions/printer@v1, with: { txt: a } }
`,
    );
    expect(step(run, 'one').annotations).toEqual([
      { level: 'warning', message: "Unexpected input(s) 'txt', valid inputs are ['text', 'two words', 'token']" },
    ]);
  });
});

describe('an action of the repository', () => {
  it('runs from the workspace once the repository is checked out', async () => {
    const bed = await testBed();
    const run = await runOnPush(
      bed,
      `
on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - { name: too early, uses: ./tools/hello, continue-on-error: true }
      - uses: actions/checkout@v6
      - { name: hello, uses: ./tools/hello }
`,
      {},
      {
        'tools/hello/action.yml': 'name: hello\ndescription: Says hello.\nruns: { using: node24, main: index.mjs }\n',
        'tools/hello/index.mjs': 'console.log("hello")',
      },
    );
    expect(step(run, 'too early').annotations[0]?.message).toContain("Can't find 'action.yml' under './tools/hello'");
    expect(printed(step(run, 'hello'))).toEqual(['hello']);
  });
});
