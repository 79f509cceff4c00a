import { describe, expect, it } from '@jest/globals';
import { check, found } from './check.ts';

describe('ignore comments', () => {
  const only = ['no-exact-versions'];
  const pinned = 'RUN apt-get install \\\n  a=1 \\\n  b=2';

  it('cover the instruction below', () => {
    expect(
      found(`FROM debian\n# image-cascade ignore=no-exact-versions a is broken in 2\n${pinned}`, { only }),
    ).toEqual([]);
  });

  it('cover one line when they stand between the lines of an instruction', () => {
    const text =
      'FROM debian\nRUN apt-get install \\\n  # image-cascade ignore=no-exact-versions for now\n  a=1 \\\n  b=2';
    expect(found(text, { only })).toEqual(['5:3 apt-get installs b at the exact version 2']);
  });

  it('cover no other rule and nothing further down', () => {
    expect(check(`FROM debian\n# image-cascade ignore=copy-source-exists elsewhere\n${pinned}`, { only })).toHaveLength(
      2,
    );
    expect(
      check(`FROM debian\n# image-cascade ignore=no-exact-versions for now\nUSER a\n${pinned}`, { only }),
    ).toHaveLength(2);
  });

  it('are a finding when they give no reason', () => {
    expect(check('# image-cascade ignore=copy-source-exists\nFROM debian:12')).toMatchObject([
      { rule: 'ignore-comment', severity: 'warning', message: 'the comment does not say why' },
    ]);
  });

  it('are a finding when they name no rule', () => {
    expect(check('# image-cascade ignore=no-such-rule because\nFROM debian:12')).toMatchObject([
      { rule: 'ignore-comment', severity: 'warning', message: "there is no rule 'no-such-rule' to ignore" },
    ]);
  });
});

describe('comments of hadolint', () => {
  const only = ['DL3004', 'DL3001'];
  const rulesOf = (text: string, settings = {}): readonly string[] =>
    check(text, { only, ...settings }).map(({ rule }) => rule);

  it.each([
    ['# hadolint ignore=DL3004\nRUN sudo ps; ps', ['DL3001']],
    ['# hadolint ignore=DL3004,DL3001 # because\nRUN sudo ps; ps', []],
    ['# hadolint ignore=DL3004\n\nRUN sudo x', ['DL3004']],
    ['# hadolint ignore=DL3004 because\nRUN sudo x', ['DL3004']],
    ['# hadolint ignore=DL3004\nRUN true\nRUN sudo x', ['DL3004']],
    ['# hadolint global ignore=DL3004\nRUN true\nRUN sudo x', []],
    [
      'RUN sudo x\n# hadolint stage ignore=DL3004\nFROM debian:13\nRUN sudo y\nFROM debian:14\nRUN sudo z',
      ['DL3004', 'DL3004'],
    ],
  ])('%j', (text, expected) => {
    expect(rulesOf(`FROM debian:12\n${text}`)).toEqual(expected);
  });

  it('count for nothing where that is set', () => {
    const options = { disableIgnorePragma: true };
    expect(rulesOf('FROM debian:12\n# hadolint ignore=DL3004\nRUN sudo x', { options })).toEqual(['DL3004']);
  });
});
