import { describe, expect, it } from '@jest/globals';
import { toBeValidSarifLog } from '@microsoft/jest-sarif';
import { rules } from '../../src/dockerfile/index.ts';
import { specSarif } from '../../src/reports/sarif.ts';

const found = {
  rule: 'no-exact-versions',
  severity: 'error',
  message: 'apt-get installs curl at the exact version 8 [no-exact-versions]',
  hint: 'leave the version out',
  place: { file: 'docker/web page/Dockerfile.j2', line: 7, column: 3 },
} as const;

function problemOf(log: unknown): string {
  const { pass, message } = toBeValidSarifLog(JSON.parse(JSON.stringify(log)));
  return pass ? '' : message();
}

describe('SARIF', () => {
  it.each([
    ['nothing', []],
    ['a finding', [found]],
    ['a finding without a line', [{ ...found, place: { file: 'docker/web/Dockerfile.j2' } }]],
    ['findings of a comment', [{ ...found, rule: 'ignore-comment', severity: 'warning' as const }]],
  ])('is valid with %s', (_, problems) => {
    expect(problemOf(specSarif(problems, rules))).toBe('');
  });

  it('is refused by its schema when a level is none of SARIF', () => {
    const text = JSON.stringify(specSarif([found], rules)).replaceAll('"level":"error"', '"level":"fatal"');
    expect(problemOf(JSON.parse(text))).not.toBe('');
  });

  it('points at the place in the repository, and at the rule', () => {
    expect(specSarif([found], rules)).toMatchObject({
      runs: [
        {
          results: [
            {
              ruleId: 'no-exact-versions',
              level: 'error',
              message: { text: expect.stringMatching(/; leave the version out$/) },
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'docker/web%20page/Dockerfile.j2' },
                    region: { startLine: 7, startColumn: 3 },
                  },
                },
              ],
            },
          ],
        },
      ],
    });
  });
});
