import { describe, expect, it } from '@jest/globals';
import { rules } from '../../src/dockerfile/index.ts';
import { check } from './check.ts';

describe('every rule', () => {
  it.each(rules.map((rule) => [rule.id, rule] as const))(
    '%s finds its bad example and not its good one',
    (id, rule) => {
      const alone: Record<string, 'warning' | 'off'> = {};
      if (rule.severity === 'off' && rule.experimental !== true) alone[id] = 'warning';
      if (rule.sameAs !== undefined) alone[rule.sameAs] = 'off';
      // A version for each package is what the fleet does not want.
      if (rule.severity === 'off') alone['no-exact-versions'] = 'off';
      const others = ['alpine', 'registry.example.org/almalinux', 'registry.example.org/leap'];
      const allowedBases = id === 'debian-or-fleet-base' ? [] : others;
      const options = {
        severities: alone,
        allowedBases: [...allowedBases, ...(rule.example?.options?.allowedBases ?? [])],
      };
      const settings = { example: rule.example, options };
      expect(check(rule.bad, settings).map((finding) => finding.rule)).toContain(id);
      const left = check(rule.good, settings);
      expect(left.filter((finding) => finding.rule === id || finding.severity === 'error')).toEqual([]);
    },
  );

  it('has an id of its own, a reason in one line, and a twin that is there', () => {
    const ids = rules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(rules.length);
    for (const { id, summary, sameAs } of rules) {
      expect(id).toMatch(/^(?:[a-z]+(?:-[a-z]+)*|[A-Z]+[a-z][A-Za-z]+|DL\d{4})$/);
      expect(summary).toMatch(/^[A-Z$][^\n]*[^.\n]$|^[a-z]+ [^\n]*[^.\n]$/);
      if (sameAs !== undefined) expect(ids).toContain(sameAs);
    }
  });

  it('can be another severity, or off', () => {
    const text = 'FROM alpine:3\nRUN apk add --no-cache curl=8\n';
    const severities = { 'no-exact-versions': 'off', 'debian-or-fleet-base': 'warning' } as const;
    expect(check(text, { options: { severities } })).toMatchObject([
      { rule: 'debian-or-fleet-base', severity: 'warning' },
    ]);
  });
});

describe('rules that say the same', () => {
  const text = 'FROM debian:12\nMAINTAINER me\n';

  it('give one finding, as severe as the stricter of them', () => {
    expect(check(text)).toMatchObject([{ rule: 'MaintainerDeprecated', severity: 'error' }]);
  });

  it('give one finding where they report different lines', () => {
    expect(check('FROM debian:12\nCMD ["a"]\nCMD ["b"]\n')).toMatchObject([
      { rule: 'MultipleInstructionsDisallowed', line: 2 },
    ]);
  });

  it('are ignored together', () => {
    expect(check('FROM debian:12\n# hadolint ignore=DL4000\nMAINTAINER me\n')).toEqual([]);
  });

  it.each([
    '# check=skip=MaintainerDeprecated\nFROM debian:12\nMAINTAINER me\n',
    'FROM debian:12\n# check=skip=MaintainerDeprecated\nMAINTAINER me\n',
  ])('are skipped together: %j', (skipped) => {
    expect(check(skipped)).toEqual([]);
  });

  it('stand alone where the other is off', () => {
    const options = { severities: { MaintainerDeprecated: 'off' } } as const;
    expect(check(text, { options })).toMatchObject([{ rule: 'DL4000', severity: 'error' }]);
  });
});

describe('# check=', () => {
  const only = ['MaintainerDeprecated', 'InvalidDefinitionDescription'];

  it.each([
    ['# check=skip=MaintainerDeprecated\nFROM debian:12\nMAINTAINER me', []],
    ['FROM debian:12\n# check=skip=MaintainerDeprecated\nMAINTAINER me', []],
    ['# check=error=true\nFROM debian:12\nMAINTAINER me', ['error']],
    ['FROM debian:12\nMAINTAINER me', ['warning']],
    ['# check=experimental=all\n# what it is\nARG A=1\nFROM debian:12', ['warning']],
    ['# what it is\nARG A=1\nFROM debian:12', []],
  ])('%j', (text, expected) => {
    expect(check(text, { only }).map(({ severity }) => severity)).toEqual(expected);
  });

  it('is a problem of form where it has an option that there is none of', () => {
    expect(check('# check=skip=all; error=true\nFROM debian:12')).toMatchObject([{ rule: 'parse', line: 1 }]);
  });
});
