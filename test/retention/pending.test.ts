import { describe, expect, it } from '@jest/globals';
import { type Digest, defaultPolicy, type Policy } from '../../src/images/index.ts';
import {
  type ListedManifest,
  pendingAnnotations,
  pendingArtifactType,
  pendingEntries,
  pendingTag,
  readPending,
} from '../../src/retention/index.ts';
import { builtFrom, digestOf, image, index, planOf, record } from './listings.ts';

const policy: Policy = { ...defaultPolicy, default: { keepLast: 1 } };
const traceTag = (name: string): string => `k-${digestOf(name).slice(7, 39)}`;

/** A build of the default branch, and the record of its publication. */
function published(name: string, days: number): [ListedManifest, ListedManifest] {
  const build = image(name, { tags: [traceTag(name)], labels: builtFrom('default', 'main') });
  return [build, record(build, days)];
}

/** What a rotation finds of `all` when the one before it ended after it had deleted `gone`. */
function leftOf(all: readonly ListedManifest[], gone: readonly Digest[]): ListedManifest[] {
  const { deleted } = planOf(all, policy);
  const mark = index('mark', [], {
    artifactType: pendingArtifactType,
    tags: [pendingTag],
    annotations: pendingAnnotations(pendingEntries(deleted)),
  });
  return [...all.filter(({ digest }) => !gone.includes(digest)), mark];
}

const deletedOf = (manifests: readonly ListedManifest[]): Digest[] =>
  planOf(manifests, policy).deleted.map(({ digest }) => digest);

describe('a rotation after one that ended half-way', () => {
  const [young, current] = published('young', 1);
  const [old, past] = published('old', 400);
  const all = [young, current, old, past];

  it('takes a build whose record is gone for as old as it was, so that no younger one goes in its place', () => {
    expect(deletedOf(all)).toEqual([past.digest, old.digest]);
    expect(deletedOf(leftOf(all, [past.digest]))).toEqual([old.digest, digestOf('mark')]);
  });

  it('keeps a build that was published again meanwhile, and lets the other one go', () => {
    const again = record(old, 0);
    const kept = planOf([...leftOf(all, [past.digest]), again], policy).kept.map(({ digest }) => digest);
    expect(kept).toEqual([old.digest, again.digest]);
  });

  it('keeps a build that was published again meanwhile and has no tag any more', () => {
    const untagged = { ...old, tags: [] };
    const again = record(untagged, 0);
    const left = leftOf([young, current, untagged, past], [past.digest]);
    const kept = planOf([...left, again], policy).kept.map(({ digest }) => digest);
    expect(kept).toEqual([old.digest, again.digest]);
  });
});

describe('the mark of a rotation', () => {
  it('says of a build when it was published, and under which tags of its users', () => {
    const build = image('build', { tags: ['feature', traceTag('build')], labels: builtFrom('default', 'main') });
    const all = [...published('young', 1), build, record(build, 400, { tags: ['feature'] })];
    const entries = pendingEntries(planOf(all, policy).deleted);
    const entry = { tags: ['feature'], publishedAt: '2025-10-19T12:00:00.000Z' };
    expect(entries).toEqual([{ digest: build.digest, ...entry }]);
    expect(readPending(pendingAnnotations(entries))).toEqual(new Map([[build.digest, entry]]));
  });

  it('is read without times as well', () => {
    const entries = [{ digest: digestOf('a'), tags: ['feature', '1.4'] }];
    expect(readPending(pendingAnnotations(entries))).toEqual(new Map([[digestOf('a'), { tags: ['feature', '1.4'] }]]));
  });
});
