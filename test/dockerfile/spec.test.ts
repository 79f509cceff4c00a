import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runSpec, type SpecOptions, type SpecResult } from '../../src/dockerfile/index.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spec-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function spec(dockerfile: string, templateLines?: readonly number[], options?: SpecOptions): SpecResult {
  writeFileSync(join(folder, 'Dockerfile'), dockerfile);
  return runSpec(
    {
      name: 'shop/web',
      repository: 'ghcr.io/acme/shop/web',
      tags: ['latest'],
      mainReference: 'ghcr.io/acme/shop/web:latest',
      template: 'docker/web/Dockerfile.j2',
      ...(templateLines === undefined ? {} : { templateLines }),
      dockerfile: join(folder, 'Dockerfile'),
      context: folder,
      buildArgs: {},
      platforms: ['linux/amd64'],
      upstreams: [],
      material: { input: { objects: {} }, build: { dockerfile: '', context: '', buildArgs: {}, platforms: [] } },
      waiting: false,
      build: { needed: true, reason: '' },
      test: { needed: true, reason: '' },
    },
    options,
  );
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
});
