import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runSpec, type SpecOptions, type SpecResult } from '../../src/dockerfile/index.ts';
import type { RenderedImage } from '../../src/images/records.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spec-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function image(dockerfile: string, changes: Partial<RenderedImage> = {}): RenderedImage {
  const name = changes.name ?? 'shop/web';
  const file = join(folder, `${name.replaceAll('/', '-')}.Dockerfile`);
  writeFileSync(file, dockerfile);
  return {
    name,
    repository: `ghcr.io/acme/${name}`,
    tags: ['latest'],
    mainReference: `ghcr.io/acme/${name}:latest`,
    template: 'docker/web/Dockerfile.j2',
    dockerfile: file,
    context: folder,
    buildArgs: {},
    platforms: ['linux/amd64'],
    upstreams: [],
    material: { input: { objects: {} }, build: { dockerfile: '', context: '', buildArgs: {}, platforms: [] } },
    waiting: false,
    build: { needed: true, reason: '' },
    test: { needed: true, reason: '' },
    ...changes,
  };
}

function spec(dockerfile: string, templateLines?: readonly number[], options?: SpecOptions): SpecResult {
  return runSpec(image(dockerfile, templateLines === undefined ? {} : { templateLines }), options);
}

describe('the spec phase of an image', () => {
  it('passes with one check for all rules that nothing breaks', () => {
    const { tested, problems } = spec('FROM ghcr.io/acme/base:latest\n');
    expect(problems).toEqual([]);
    expect(tested).toMatchObject({ name: 'shop/web', status: 'passed', reason: 'keeps all rules' });
    expect(tested.checks).toMatchObject([{ title: expect.stringMatching(/^\d+ rules$/), status: 'passed' }]);
  });

  it("points at the template's line where it is known", () => {
    const { problems, tested } = spec(
      'FROM debian:12\nRUN apt-get install -y --no-install-recommends curl=8\n',
      [1, 7],
    );
    expect(problems).toMatchObject([
      {
        severity: 'error',
        message: 'apt-get installs curl at the exact version 8 [no-exact-versions]',
        place: { file: 'docker/web/Dockerfile.j2', line: 7 },
      },
    ]);
    expect(tested).toMatchObject({ status: 'failed', reason: '1 error' });
  });

  it('names the line of the rendered Dockerfile where the template has none', () => {
    const [problem] = spec('FROM alpine\n').problems;
    expect(problem?.place).toEqual({ file: 'docker/web/Dockerfile.j2' });
    expect(problem?.message).toContain('(line 1, column 6 of the rendered Dockerfile)');
  });

  it('passes with warnings', () => {
    const { tested } = spec('FROM debian:12\nCOPY *.none /x/\n');
    expect(tested).toMatchObject({ status: 'passed', reason: '1 warning' });
  });

  it('skips the other rules when the Dockerfile can not be read', () => {
    const { tested } = spec('FROM debian\nRUM x\n');
    expect(tested.checks).toMatchObject([
      { title: 'parse', status: 'failed' },
      { title: expect.stringMatching(/^\d+ other rules$/), status: 'skipped' },
    ]);
  });

  it.each([
    ['error', 'passed'],
    ['warning', 'failed'],
    ['none', 'passed'],
  ] as const)('that fails on %s is %s by a warning', (failOn, status) => {
    const { tested, failing } = spec('FROM debian:12\nCOPY *.none /x/\n', undefined, { failOn });
    expect(tested.status).toBe(status);
    expect(failing).toHaveLength(status === 'failed' ? 1 : 0);
  });

  it('reads the template for what is written out in it', () => {
    writeFileSync(join(folder, 'Dockerfile.j2'), '{# base #}\nFROM ghcr.io/acme/base:{{ tag }}\n');
    const one = image('FROM ghcr.io/acme/base:latest\n', { template: 'Dockerfile.j2', templateLines: [2] });
    expect(runSpec(one, { workspace: folder }).problems).toMatchObject([
      { rule: 'fleet-namespace', place: { file: 'Dockerfile.j2', line: 2 } },
    ]);
  });
});

describe('variables of a base image', () => {
  const unset = (text: string, siblings: readonly RenderedImage[] = []): readonly string[] =>
    runSpec(image(text), { siblings }).findings.flatMap(({ rule, message }) =>
      rule === 'UndefinedVar' ? [message] : [],
    );
  const base = (text: string): RenderedImage => image(text, { name: 'base' });

  it('are known of Debian, and unknown of others', () => {
    expect(unset('FROM debian:12\nENV A=$B\n')).toHaveLength(1);
    expect(unset('FROM example.org/other:1\nENV A=$B\n')).toEqual([]);
  });

  it('are known of an image of the same repository', () => {
    const siblings = [base('FROM debian:12 AS first\nENV ONE=1\nFROM first\nENV TWO two words\nARG THREE=3\n')];
    expect(unset('FROM ghcr.io/acme/base:latest\nENV A=$ONE$TWO$THREE\n', siblings)).toEqual([
      "ENV uses '$THREE', which nothing sets",
    ]);
  });

  it('stay unknown where the base of that image is', () => {
    const siblings = [base('FROM example.org/other:1\nENV ONE=1\n')];
    expect(unset('FROM ghcr.io/acme/base:latest\nENV A=$B\n', siblings)).toEqual([]);
  });

  it('are set by what the base runs in the images that begin with it', () => {
    const siblings = [base('FROM debian:12\nONBUILD ENV LATER=1\n')];
    expect(unset('FROM ghcr.io/acme/base:latest\nENV A=$LATER\n', siblings)).toEqual([]);
  });
});
