import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readHadolintConfig } from '../../src/dockerfile/hadolint-config.ts';
import { readSpecSettings, type SpecInputs, type SpecSettings } from '../../src/dockerfile/index.ts';
import { readRulesFile } from '../../src/dockerfile/rules-file.ts';
import { formatProblem, problemsOf } from '../../src/problems.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function settings(files: Readonly<Record<string, string>>, changes: Partial<SpecInputs> = {}): SpecSettings {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return readSpecSettings(folder, {
    allowedBases: [],
    allowedVersions: [],
    failOn: undefined,
    severities: {},
    rulesFile: undefined,
    hadolintFile: undefined,
    ...changes,
  });
}

function problems(act: () => unknown): readonly string[] {
  try {
    act();
    return [];
  } catch (error) {
    return problemsOf(error).map(formatProblem);
  }
}

describe('.hadolint.yaml', () => {
  it('gives severities, of which ignored is the strongest', () => {
    const text = 'ignored: [DL3000]\noverride:\n  error: [DL3000, DL3001]\n  style: [DL3002]\n  info: [SC2086]\n';
    expect(readHadolintConfig(text, '.hadolint.yaml').severities).toEqual({
      DL3000: 'off',
      DL3001: 'error',
      DL3002: 'notice',
      SC2086: 'notice',
    });
  });

  it.each([
    ['failure-threshold: warning', 'warning'],
    ['failure-threshold: style', 'notice'],
    ['failure-threshold: none', 'none'],
    ['failure-threshold: error\nno-fail: true', 'none'],
    ['', undefined],
  ])('%j fails on %j', (text, expected) => {
    expect(readHadolintConfig(text, '.hadolint.yaml').failOn).toBe(expected);
  });

  it('takes one registry or several, and lets keys of the program pass', () => {
    expect(readHadolintConfig('trustedRegistries: a.test\nformat: json\n', 'x')).toMatchObject({
      trustedRegistries: ['a.test'],
    });
    expect(readHadolintConfig('trustedRegistries: [a.test, "*.b.test"]\n', 'x')).toMatchObject({
      trustedRegistries: ['a.test', '*.b.test'],
    });
  });

  it('says what is wrong, and where', () => {
    const text = 'ignored: DL3000\nlabel-schema:\n  version: number\n';
    expect(problems(() => readHadolintConfig(text, '.hadolint.yaml'))).toEqual([
      expect.stringMatching(/^\.hadolint\.yaml:1:10: 'ignored' is/),
      expect.stringMatching(/^\.hadolint\.yaml:3:12: 'label-schema\.version'/),
    ]);
  });
});

describe('rules.yaml', () => {
  it('says what is wrong, and where', () => {
    expect(
      problems(() => readRulesFile('severities:\n  DL3003: fatal\nfail-on: notice\nalowed-bases: [a]\n', 'rules.yaml')),
    ).toEqual([
      expect.stringMatching(/^rules\.yaml:2:11: 'severities\.DL3003'/),
      expect.stringMatching(/^rules\.yaml:3:10: 'fail-on'/),
      expect.stringMatching(/^rules\.yaml:4:1: unknown key 'alowed-bases'; did you mean 'allowed-bases'\?$/),
    ]);
  });

  it('knows the rules', () => {
    expect(problems(() => readRulesFile('severities:\n  no-exact-version: off\n', 'rules.yaml'))).toEqual([
      "rules.yaml:2:3: there is no rule 'no-exact-version'; did you mean 'no-exact-versions'?",
    ]);
  });
});

describe('settings of the rules', () => {
  it('fail on errors where nothing else is said', () => {
    expect(settings({})).toMatchObject({ failOn: 'error', rules: { severities: {}, allowedBases: [] } });
  });

  it('come from inputs, then rules.yaml, then .hadolint.yaml', () => {
    const files = {
      '.hadolint.yaml': 'failure-threshold: style\noverride: {error: [DL3001, DL3002, DL3003]}\n',
      'rules.yaml': 'fail-on: warning\nseverities: {DL3001: warning, DL3002: warning}\nallowed-bases: [alpine]\n',
    };
    const { rules, failOn } = settings(files, { severities: { DL3001: 'off' }, allowedBases: ['scratch'] });
    expect(rules.severities).toEqual({ DL3001: 'off', DL3002: 'warning', DL3003: 'error' });
    expect(rules.allowedBases).toEqual(['scratch', 'alpine']);
    expect(failOn).toBe('warning');
    expect(settings(files, { failOn: 'none' }).failOn).toBe('none');
  });

  it('come from files of other names', () => {
    const files = { 'lint.yaml': 'ignored: [DL3001]\n', 'own.yaml': 'fail-on: none\n' };
    expect(settings(files, { hadolintFile: 'lint.yaml', rulesFile: 'own.yaml' })).toMatchObject({
      failOn: 'none',
      rules: { severities: { DL3001: 'off' } },
    });
  });

  it('are all told when they are wrong', () => {
    expect(problems(() => settings({}, { severities: { DL3001: 'fatal', nosuch: 'off' } }))).toEqual([
      "input 'severities': 'fatal' is no severity; write error, warning, notice, off",
      expect.stringMatching(/^input 'severities': there is no rule 'nosuch'/),
    ]);
    expect(problems(() => settings({}, { rulesFile: 'no.yaml' }))).toEqual([
      "input 'rules': there is no file 'no.yaml'; give its path in the repository",
    ]);
  });
});
