import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildKey, canonicalJson, inputKey, keysOf, testsKey, type UpstreamState } from '../../src/images/index.ts';
import type { BuildMaterial, Upstream } from '../../src/images/records.ts';

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;

const material: BuildMaterial = {
  dockerfile: 'd'.repeat(64),
  context: 'c'.repeat(64),
  buildArgs: { A: '1', B: '2' },
  platforms: ['linux/amd64', 'linux/arm64'],
};
const base: UpstreamState = {
  kind: 'image',
  reference: 'ghcr.io/acme/base:latest',
  platforms: { 'linux/amd64': digest('a'), 'linux/arm64': digest('b') },
};
const source: UpstreamState = { kind: 'source', repository: 'acme/app', ref: 'main', commit: '1'.repeat(40) };

describe('a build key', () => {
  it('is 32 hex digits, and stays what it is from version to version', () => {
    // These are tags in registries: a change of this value rebuilds every image of every user.
    expect(buildKey(material, [base, source])).toBe('7eb7450becda8bb82f4fe52d2a286ecf');
  });

  it('does not depend on any order, nor on a repeated upstream', () => {
    const other = { ...material, buildArgs: { B: '2', A: '1' }, platforms: ['linux/arm64', 'linux/amd64'] };
    const turned = { ...base, platforms: { 'linux/arm64': digest('b'), 'linux/amd64': digest('a') } };
    expect(buildKey(other, [source, turned, base])).toBe(buildKey(material, [base, source]));
  });

  it.each<[string, Partial<BuildMaterial>]>([
    ['the Dockerfile', { dockerfile: 'e'.repeat(64) }],
    ['the context', { context: 'e'.repeat(64) }],
    ['the target', { target: 'run' }],
    ['a build argument', { buildArgs: { A: '1', B: '3' } }],
    ['a platform', { platforms: ['linux/amd64'] }],
  ])('changes with %s', (_what, change) => {
    expect(buildKey({ ...material, ...change }, [base])).not.toBe(buildKey(material, [base]));
  });

  it.each<[string, UpstreamState]>([
    ["an upstream's digest", { ...base, platforms: { ...base.platforms, 'linux/arm64': digest('e') } }],
    ["an upstream's tag", { ...base, reference: 'ghcr.io/acme/base:1' }],
    ['another kind of upstream', source],
  ])('changes with %s', (_what, upstream) => {
    expect(buildKey(material, [upstream])).not.toBe(buildKey(material, [base]));
  });

  it("stays with a source's commit, whose files are in the context: a revert costs no build", () => {
    expect(buildKey(material, [{ ...source, commit: '2'.repeat(40) }])).toBe(buildKey(material, [source]));
  });
});

describe('an input key', () => {
  it('is the hash of canonical JSON, whatever is in it', () => {
    // Numbers as names, quotes and whatever else JSON writes in a way of its own.
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.nat().map(String),
      fc.constantFrom('__proto__', 'a"b', 'ä', '10', '9'),
    );
    // Texts of which one begins like another: in JSON a quotation mark follows.
    const plain = fc.constantFrom('a', 'a#', 'aa', 'a,a', 'b', 'a b', '9', '10');
    const record = fc.oneof(fc.dictionary(text, text), fc.dictionary(plain, plain, { maxKeys: 3 }));
    const state: fc.Arbitrary<UpstreamState> = fc.oneof(
      fc.record({ kind: fc.constant('image' as const), reference: fc.oneof(text, plain), platforms: record }),
      fc.record({ kind: fc.constant('source' as const), repository: text, ref: text, commit: text }),
    );
    const named = (name: string): UpstreamState => ({ kind: 'image', reference: 'a', platforms: { [name]: '0' } });
    const bare: UpstreamState = { kind: 'image', reference: 'a', platforms: {} };
    fc.assert(
      fc.property(record, fc.array(state, { maxLength: 4 }), (objects, states) => {
        const upstreams = [...new Set(states.map(canonicalJson))].sort();
        const hashed = `image-cascade input 1\n${canonicalJson({ objects, upstreams })}`;
        const expected = createHash('sha256').update(hashed).digest('hex').slice(0, 32);
        expect(inputKey({ objects }, states)).toBe(expected);
      }),
      { numRuns: 1000, examples: [[{}, [bare, named('')]]] },
    );
  });

  it('stays what it is from version to version', () => {
    expect(inputKey({ objects: { 'images.yaml': '1', 'docker/web': '2' } }, [base, source])).toBe(
      'df72a996886969c526cabe3612e65b55',
    );
  });

  it('changes with a git object and with an upstream, not with their order', () => {
    const objects = { 'images.yaml': '1', 'docker/web': '2' };
    const key = inputKey({ objects }, [base, source]);
    expect(inputKey({ objects: { 'docker/web': '2', 'images.yaml': '1' } }, [source, base])).toBe(key);
    expect(inputKey({ objects: { ...objects, 'docker/web': '3' } }, [base, source])).not.toBe(key);
    expect(inputKey({ objects }, [base])).not.toBe(key);
  });
});

describe('a tests key', () => {
  it('changes with the build and with the tests', () => {
    const keys = [testsKey('a', undefined), testsKey('a', 'x'), testsKey('a', 'y'), testsKey('b', 'x')];
    expect(new Set(keys).size).toBe(4);
  });
});

describe('the keys of an image', () => {
  const upstream: Upstream = {
    kind: 'image',
    written: 'base',
    reference: 'ghcr.io/acme/base:latest',
    digest: digest('f'),
    platforms: base.platforms,
    fleet: true,
  };
  const all = { input: { objects: {} }, build: material };

  it('depend neither on the spelling of an upstream nor on the digest of its index', () => {
    const keys = keysOf(all, [upstream]);
    expect(keys).toBeDefined();
    expect(keysOf(all, [{ ...upstream, written: 'ghcr.io/acme/base', digest: digest('0') }])).toEqual(keys);
  });

  it.each<Upstream>([
    { kind: 'pending', written: 'base', reference: 'ghcr.io/acme/base:latest', image: 'base' },
    { kind: 'missing', written: 'base', reference: 'ghcr.io/acme/base:latest' },
  ])('are unknown while an upstream is $kind', (unknown) => {
    expect(keysOf(all, [upstream, unknown])).toBeUndefined();
  });
});
