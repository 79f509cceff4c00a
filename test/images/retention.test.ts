import { describe, expect, it } from '@jest/globals';
import { defaultPolicy, loadConfig, parsePeriod } from '../../src/images/index.ts';
import { formatProblem, problemsOf } from '../../src/problems.ts';

const hour = 60 * 60 * 1000;
const files = ['docker/web/Dockerfile.j2'];

function retentionOf(text: string) {
  return loadConfig(`namespace: acme\n${text}`, 'images.yaml', files).retention;
}

function problems(text: string): string[] {
  try {
    retentionOf(text);
  } catch (error) {
    return problemsOf(error).map(formatProblem);
  }
  return [];
}

describe('a period', () => {
  it.each([
    ['7d', 0, 7 * 24 * hour],
    ['36h', 0, 36 * hour],
    ['2w', 0, 14 * 24 * hour],
    ['1y', 12, 0],
    ['P7D', 0, 7 * 24 * hour],
    ['P1Y6M', 18, 0],
    ['P2W', 0, 14 * 24 * hour],
    ['P1DT12H30M15S', 0, 36 * hour + 30 * 60_000 + 15_000],
  ])('is read from %s', (text, months, milliseconds) => {
    expect(parsePeriod(text)).toEqual({ months, milliseconds });
  });

  it('may be for ever', () => {
    expect(parsePeriod('forever')).toBe('forever');
  });

  it.each(['', '7', 'd', '7 days', '-7d', 'P', 'PT', 'P1DT', 'P1H', '1.5d', 'never'])('is not %j', (text) => {
    expect(parsePeriod(text)).toBeUndefined();
  });
});

describe('retention in images.yaml', () => {
  it('works without being there: a year for the default branch, a week for others, tags for ever', () => {
    expect(retentionOf('')).toEqual(defaultPolicy);
    expect(defaultPolicy).toEqual({
      default: { keepFor: { months: 12, milliseconds: 0 }, keepLast: 10, combine: 'or' },
      tags: { keepFor: 'forever' },
      branches: [{ match: '**', rule: { keepFor: { months: 0, milliseconds: 7 * 24 * hour } } }],
      pullRequests: { keepFor: { months: 0, milliseconds: 7 * 24 * hour } },
    });
  });

  it('changes the classes that it names, and keeps the last word on branches for the default', () => {
    const policy = retentionOf(`
retention:
  default: { keep-for: P3M, keep-last: 5, combine: and }
  branches:
    - { match: 'release/**', keep-for: 90d }
    - { keep-last: 2 }
  untagged: { keep-for: 1d }
`);
    expect(policy).toEqual({
      ...defaultPolicy,
      default: { keepFor: { months: 3, milliseconds: 0 }, keepLast: 5, combine: 'and' },
      branches: [
        { match: 'release/**', rule: { keepFor: { months: 0, milliseconds: 90 * 24 * hour } } },
        { match: '**', rule: { keepLast: 2 } },
        ...defaultPolicy.branches,
      ],
      untagged: { keepFor: { months: 0, milliseconds: 24 * hour } },
    });
  });

  it.each([
    ['default: { keep-for: 7 days }', "3:24: 'retention.default.keep-for': '7 days' is no time; write 7d"],
    ['default: { keep-for: 7d, keep-last: 3 }', 'does not say how keep-for and keep-last go together; add combine: or'],
    ['tags: {}', 'the rule keeps nothing; add keep-for or keep-last'],
    ['trace: { keep-last: 3, combine: or }', 'there is nothing to combine'],
    ['untagged: { keep-last: 0 }', 'too small'],
    ['branch: []', "unknown key 'branch' in 'retention'; did you mean 'branches'?"],
    ['branches: [{ match: a, keep: 7d }]', "unknown key 'keep'"],
  ])('is refused with %s', (text, message) => {
    expect(problems(`retention:\n  ${text}\n`).join('\n')).toContain(message);
  });
});
