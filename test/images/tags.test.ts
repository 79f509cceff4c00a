import { describe, expect, it } from '@jest/globals';
import { branchTag, mainTag, parseTagRule, type TagRule, tagsFor } from '../../src/images/index.ts';
import type { RunRef } from '../../src/images/records.ts';

function rules(...texts: string[]): TagRule[] {
  return texts.map((text) => {
    const rule = parseTagRule(text);
    if (typeof rule === 'string') throw new Error(rule);
    return rule;
  });
}

function ref(type: RunRef['type'], name: string): RunRef {
  return {
    event: 'push',
    name,
    type,
    defaultBranch: 'main',
    isDefaultBranch: type === 'branch' && name === 'main',
    fork: false,
    revision: '0123456789abcdef0123456789abcdef01234567',
    committed: 0,
    repository: 'acme/images',
    url: '',
    runId: '1',
    runUrl: '',
  };
}

const all = rules(
  'latest',
  'type=raw,value=stable',
  'type=ref,event=branch',
  'type=sha',
  'type=semver,pattern={{version}}',
  'type=semver,pattern={{major}}.{{minor}}',
  'type=semver,pattern={{major}}',
);

describe('tags', () => {
  it('of the default branch are the static ones, the branch and the commit', () => {
    expect(tagsFor(all, ref('branch', 'main'))).toEqual(['latest', 'stable', 'main', 'sha-0123456']);
  });

  it('of a release are its version and its series', () => {
    const versions = rules(
      'latest',
      'type=semver,pattern={{version}}',
      'type=semver,pattern={{major}}.{{minor}}',
      'type=semver,pattern={{major}}',
    );
    expect(tagsFor(versions, ref('tag', 'v1.4.2'))).toEqual(['1.4.2', '1.4', '1']);
  });

  it('of a pre-release are its version alone', () => {
    expect(
      tagsFor(
        rules('latest', ...['{{version}}', '{{major}}'].map((p) => `type=semver,pattern=${p}`)),
        ref('tag', 'v2.0.0-rc.1'),
      ),
    ).toEqual(['2.0.0-rc.1']);
  });

  it('of a git tag that is no version are none, unless asked for', () => {
    expect(tagsFor(rules('latest', 'type=semver,pattern={{version}}'), ref('tag', 'nightly'))).toEqual([]);
    expect(tagsFor(rules('latest', 'type=ref,event=tag'), ref('tag', 'nightly'))).toEqual(['nightly']);
  });

  it('of a pull request are none', () => {
    expect(tagsFor(all, ref('pull-request', 'feature'))).toEqual([]);
  });

  it('of another branch are its name alone', () => {
    expect(tagsFor(all, ref('branch', 'feature/Login page'))).toEqual(['feature-Login-page']);
  });

  it.each(['latest', 'stable', 'main', '1.4', 'v2', 'sha-0123456', 'hold-x', `k-${'a'.repeat(32)}`])(
    'of a branch called %s can be mistaken for nothing else',
    (name) => {
      expect(tagsFor(all, ref('branch', name === 'main' ? 'heads-main' : name))[0]).not.toBe(name);
    },
  );

  it('of a branch are legal whatever its name is', () => {
    for (const name of ['-x', '.x', 'ünïcode', '日本', 'a'.repeat(200)]) {
      expect(branchTag(name, [])).toMatch(/^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}$/);
    }
  });

  it('of two long branches stay two', () => {
    expect(branchTag(`${'a'.repeat(200)}1`, [])).not.toBe(branchTag(`${'a'.repeat(200)}2`, []));
  });
});

describe('the main tag', () => {
  it('is the first that lasts', () => {
    expect(mainTag(rules('type=sha', 'type=ref,event=branch', 'latest'), 'master')).toBe('master');
  });
});

describe('a tag rule', () => {
  it.each([
    ['type=raw', "'' is not a tag"],
    ['type=schedule', "type 'schedule' is none of raw, semver, ref, sha"],
    ['type=semver,pattern={{raw}}', "pattern '{{raw}}' is none of"],
    ['type=ref,event=push', "event 'push' is none of branch, tag, pr"],
    ['type=raw,value=x,enable=true', "a rule of type 'raw' has no attribute 'enable'"],
    ['a b', "'a b' is not a tag"],
  ])('%s is refused', (text, reason) => {
    expect(parseTagRule(text)).toContain(reason);
  });
});
