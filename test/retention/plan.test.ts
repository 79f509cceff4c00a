import { describe, expect, it } from '@jest/globals';
import { defaultPolicy, labels, type Policy, parsePeriod, type Rule } from '../../src/images/index.ts';
import { type ListedManifest, planRotation } from '../../src/retention/index.ts';
import {
  artifact,
  branchBuild,
  builtFrom,
  defaultBuild,
  digestOf,
  hold,
  image,
  index,
  now,
  planOf,
  publishedAgo,
  record,
  repository,
} from './listings.ts';

function keepFor(text: string): Rule {
  const period = parsePeriod(text);
  if (period === undefined) throw new Error(`${text} is no period`);
  return { keepFor: period };
}

function goes(manifests: readonly ListedManifest[], policy?: Policy): string[] {
  const names = new Map(manifests.map((manifest) => [manifest.digest, manifest]));
  return planOf(manifests, policy)
    .deleted.filter(({ digest }) => names.get(digest)?.kind === 'image')
    .map(({ digest }) => digest);
}

describe('the class of a build', () => {
  it('is where it was published from: a branch build goes after a week', () => {
    expect(goes(branchBuild('old', 8))).toEqual([digestOf('old')]);
    expect(goes(branchBuild('new', 6))).toEqual([]);
  });

  it('is what its labels say where no record tells', () => {
    const build = (days: number) =>
      image('a', {
        labels: builtFrom('branch', 'feature', { [labels.version]: 'feature' }),
        tags: ['feature', publishedAgo(days, 'a')],
      });
    expect(goes([build(8)])).toEqual([digestOf('a')]);
    expect(goes([build(6)])).toEqual([]);
  });

  it('is also that of a later publication: a branch build that was merged or released stays as such', () => {
    const [build, ...records] = branchBuild('merged', 300);
    if (build === undefined) throw new Error('there is a build');
    expect(goes([build, ...records, record(build, 299)])).toEqual([]);
    const released = { ...build, tags: [...build.tags, '1.4.0'] };
    expect(
      goes([released, ...records, record(build, 299, { kind: 'tag', branch: 'v1.4.0', tags: ['1.4.0'] })]),
    ).toEqual([]);
  });

  it('does not come from the look of a tag', () => {
    const build = image('a', {
      tags: ['feature'],
      labels: builtFrom('branch', 'feature', { [labels.version]: 'feature' }),
    });
    const looks = image('b', { tags: ['pr-17', 'k-like'], labels: {} });
    const dated = (manifest: ListedManifest) => ({ ...manifest, updatedAt: '2025-01-01T00:00:00Z' });
    expect(goes([dated(build), dated(looks)])).toEqual([digestOf('a')]);
  });
});

describe('age', () => {
  it('counts from the last publication, not from the build', () => {
    const [build, first] = branchBuild('reverted', 300);
    if (build === undefined || first === undefined) throw new Error('there is a build and its record');
    const again = record(build, 2, { kind: 'branch', branch: 'feature', tags: ['feature'] });
    expect(goes([build, first, again])).toEqual([]);
  });

  it('counts from what the store says where there is no record, and from the commit where that says nothing', () => {
    const labelled = builtFrom('branch', 'b', { [labels.created]: '2026-01-01T00:00:00Z' });
    expect(goes([image('a', { labels: labelled, tags: [], updatedAt: '2026-11-20T00:00:00Z' })])).toEqual([]);
    expect(goes([image('a', { labels: labelled, tags: [] })])).toEqual([digestOf('a')]);
  });

  it('that nobody knows is no reason to go', () => {
    expect(goes([image('a', { labels: builtFrom('branch', 'b') })])).toEqual([]);
  });

  it('is on the calendar for months', () => {
    const policy = { ...defaultPolicy, default: keepFor('P1M') };
    // 23 October is a month before; the limit itself is old enough.
    expect(goes([...defaultBuild('a', 30)], policy)).toEqual([]);
    expect(goes([...defaultBuild('a', 31)], policy)).toEqual([digestOf('a')]);
  });
});

describe('rules', () => {
  const builds = [...defaultBuild('one', 1), ...defaultBuild('two', 40), ...defaultBuild('three', 80)];

  it('keep the last ones of a branch', () => {
    expect(goes(builds, { ...defaultPolicy, default: { keepLast: 2 } })).toEqual([digestOf('three')]);
  });

  it('keep with or what one part keeps, with and what both keep', () => {
    const parts = { ...keepFor('60d'), keepLast: 1 };
    expect(goes(builds, { ...defaultPolicy, default: { ...parts, combine: 'or' } })).toEqual([digestOf('three')]);
    expect(goes(builds, { ...defaultPolicy, default: { ...parts, combine: 'and' } })).toEqual([
      digestOf('three'),
      digestOf('two'),
    ]);
  });

  it('count the last builds of each branch for themselves', () => {
    const of = (name: string, branch: string, days: number) => {
      const build = image(name, { tags: [`k-${digestOf(name).slice(7, 39)}`] });
      return [build, record(build, days, { kind: 'branch', branch })];
    };
    const policy = { ...defaultPolicy, branches: [{ match: '**', rule: { keepLast: 1 } }] };
    expect(goes([...of('a1', 'a', 3), ...of('a2', 'a', 2), ...of('b1', 'b', 9)], policy)).toEqual([digestOf('a1')]);
  });

  it('of branches are found by glob, the first that fits', () => {
    const build = image('a', { tags: [publishedAgo(30, 'a')], labels: builtFrom('branch', 'release/1.x') });
    const policy = (match: string) => ({
      ...defaultPolicy,
      branches: [{ match, rule: keepFor('90d') }, ...defaultPolicy.branches],
    });
    expect(goes([build], policy('release/*'))).toEqual([]);
    expect(goes([build], policy('release'))).toEqual([digestOf('a')]);
  });

  it('for trace tags alone take the place of the rule of the class', () => {
    const policy = { ...defaultPolicy, trace: keepFor('30d') };
    const current = defaultBuild('current', 50, ['latest']);
    expect(goes([...current, ...defaultBuild('old', 40)])).toEqual([]);
    expect(goes([...current, ...defaultBuild('old', 40)], policy)).toEqual([digestOf('old')]);
  });

  it('leave alone what has no labels, unless one is for it', () => {
    const foreign = image('theirs', { tags: ['theirs'], labels: {}, updatedAt: '2020-01-01T00:00:00Z' });
    const loose = image('loose', { labels: {}, updatedAt: '2020-01-01T00:00:00Z' });
    expect(goes([foreign, loose])).toEqual([]);
    expect(goes([foreign, loose], { ...defaultPolicy, untagged: keepFor('1d') })).toEqual([digestOf('loose')]);
    expect(goes([foreign, loose], { ...defaultPolicy, unlabelled: keepFor('1d') })).toHaveLength(2);
  });

  it('leave untagged builds a day: a push may be going on', () => {
    const loose = (updatedAt: string) => image('loose', { labels: {}, updatedAt });
    const policy = { ...defaultPolicy, untagged: keepFor('0d') };
    expect(goes([loose('2026-11-23T11:00:00Z')], policy)).toEqual([]);
    expect(goes([loose('2026-11-22T11:00:00Z')], policy)).toEqual([digestOf('loose')]);
  });
});

describe('tags', () => {
  it('keep a build when it is the one that is published now, however old', () => {
    const policy = { ...defaultPolicy, default: keepFor('1d') };
    expect(goes([...defaultBuild('a', 900, ['latest'])], policy)).toEqual([]);
  });

  it('that the pipeline did not set keep a build: somebody promoted it', () => {
    const [build, published] = branchBuild('a', 300);
    if (build === undefined || published === undefined) throw new Error('there is a build and its record');
    const promoted = { ...build, tags: [...build.tags, 'prod'] };
    expect(goes([promoted, published])).toEqual([]);
    expect(planOf([promoted, published]).kept[0]?.reasons).toEqual(['tag prod was not set by the pipeline']);
  });

  it('of one manifest all have to be old: one of two branches that share it is enough', () => {
    const build = image('shared', { tags: ['a', 'b'] });
    const from = (branch: string, days: number) => record(build, days, { kind: 'branch', branch, tags: [branch] });
    expect(goes([build, from('a', 30), from('b', 3)])).toEqual([]);
    expect(goes([build, from('a', 30), from('b', 8)])).toEqual([digestOf('shared')]);
  });
});

describe('what belongs to a build', () => {
  const amd = image('amd64');
  const arm = image('arm64');
  const attestation = artifact('attestation');
  const platforms = index('platforms', [amd, arm, attestation]);
  const shared = index('nested', [platforms, amd], { tags: ['feature'] });
  const signature = artifact('signature', { tags: [`sha256-${digestOf('nested').slice(7)}.sig`] });
  const referrer = artifact('referrer', { subject: shared.digest });
  const list = index('list', [referrer], { tags: [`sha256-${digestOf('nested').slice(7)}`] });
  const whole = [amd, arm, attestation, platforms, shared, signature, referrer, list];
  const from = (days: number) => record(shared, days, { kind: 'branch', branch: 'feature', tags: ['feature'] });

  it('stays with it', () => {
    expect(planOf([...whole, from(1)]).deleted).toEqual([]);
  });

  it('goes with it: who refers to another first', () => {
    const { deleted } = planOf([...whole, from(9)]);
    const order = deleted.map(({ digest }) => digest);
    expect(order).toHaveLength(whole.length + 1);
    const at = (manifest: ListedManifest): number => order.indexOf(manifest.digest);
    for (const [one, other] of [
      [signature, shared],
      [list, referrer],
      [referrer, shared],
      [shared, platforms],
      [platforms, amd],
      [platforms, attestation],
    ] as const)
      expect(at(one)).toBeLessThan(at(other));
    expect(deleted.every(({ build }) => build === shared.digest)).toBe(true);
  });

  it('stays with another that has a part in it', () => {
    const other = index('other', [arm], { tags: ['latest'] });
    const gone = planOf([...whole, from(9), other, record(other, 1)]).deleted.map(({ digest }) => digest);
    expect(gone).toContain(amd.digest);
    expect(gone).not.toContain(arm.digest);
  });

  it('keeps it: a tag of a platform, or a hold on a signature', () => {
    const tagged = whole.map((manifest) => (manifest === amd ? { ...manifest, tags: ['mine'] } : manifest));
    expect(planOf([...tagged, from(9)]).deleted.map(({ digest }) => digest)).not.toContain(amd.digest);
    const held = hold(referrer, 'hold-audit');
    expect(planOf([...whole, from(9), held]).deleted).toEqual([]);
  });

  it('goes when the build is gone already', () => {
    const { deleted } = planOf([signature, referrer, list]);
    expect(deleted.map(({ reason }) => reason)).toEqual(Array(3).fill('what it belongs to is gone'));
  });

  it('may be in another repository, where a signature was put', () => {
    const signatures = repository([signature], { name: 'signatures' });
    const [, plan] = planRotation(
      [repository([...whole.filter((one) => one !== signature), from(1)]), signatures],
      now,
    ).repositories;
    expect(plan?.deleted).toEqual([]);
  });

  it('includes the records of its publications, of each branch the last one', () => {
    const build = image('a', { tags: ['latest'] });
    const [older, newer, other] = [
      record(build, 3),
      record(build, 2),
      record(build, 4, { kind: 'branch', branch: 'b' }),
    ];
    expect(planOf([build, older, newer, other]).deleted).toMatchObject([
      { digest: older.digest, reason: 'the same build was published from there again' },
    ]);
  });
});

describe('a hold', () => {
  it('keeps a build, for ever or to the end of its last day', () => {
    const manifests = (tag: string) => [...branchBuild('a', 30), hold(image('a'), tag)];
    expect(goes(manifests('hold-audit'))).toEqual([]);
    expect(goes(manifests('hold-until-2026-11-23-audit'))).toEqual([]);
    expect(goes(manifests('hold-until-2026-11-22-audit'))).toEqual([digestOf('a')]);
  });

  it('is shown with who set it and why', () => {
    const { holds, kept } = planOf([
      ...branchBuild('a', 30),
      hold(image('a'), 'hold-until-2026-12-24-audit', 'mia', 'an audit'),
    ]);
    expect(holds).toEqual([
      {
        tag: 'hold-until-2026-12-24-audit',
        name: 'audit',
        until: '2026-12-24',
        digest: digestOf('a'),
        active: true,
        by: 'mia',
        reason: 'an audit',
        since: now.toISOString(),
      },
    ]);
    expect(kept[0]?.reasons).toEqual(['held as audit until 2026-12-24 by mia: an audit']);
  });

  it('may be a tag that somebody put on the build itself', () => {
    const [build, published] = branchBuild('a', 30);
    if (build === undefined || published === undefined) throw new Error('there is a build and its record');
    const { holds, deleted } = planOf([{ ...build, tags: [...build.tags, 'hold-me'] }, published]);
    expect(deleted).toEqual([]);
    expect(holds).toEqual([{ tag: 'hold-me', name: 'me', digest: build.digest, active: true }]);
  });

  it('leaves its record to rotation when it is over, also where the build stays', () => {
    const over = hold(image('a'), 'hold-until-2026-11-01-audit');
    expect(planOf([...defaultBuild('a', 1), over]).deleted).toMatchObject([
      { digest: over.digest, reason: 'a mark that holds no longer' },
    ]);
  });
});

describe('what a kept build was built on', () => {
  const [old = image('none'), oldRecord = image('none')] = branchBuild('base', 100);

  it('stays, in whichever repository, as labels or records name it', () => {
    const byLabel = image('web', {
      tags: ['latest'],
      labels: builtFrom('default', 'main', { [labels.baseDigest]: old.digest }),
    });
    const byRecord = image('api', { tags: ['latest'] });
    const told = record(byRecord, 1, { upstreams: [old.digest] });
    for (const dependent of [[byLabel], [byRecord, told]]) {
      const inputs = [
        repository([old, oldRecord], { name: 'base' }),
        repository(dependent, { name: 'dependent', rotate: false }),
      ];
      const [plan] = planRotation(inputs, now).repositories;
      expect(plan?.deleted).toEqual([]);
      expect(plan?.kept[0]?.reasons).toEqual(['dependent:latest was built on it']);
    }
  });

  it('goes with the last build that stands on it', () => {
    const web = image('web', {
      tags: ['x'],
      labels: builtFrom('branch', 'x', { [labels.baseDigest]: old.digest, [labels.version]: 'x' }),
    });
    const dated = { ...web, updatedAt: '2026-01-01T00:00:00Z' };
    const { repositories } = planRotation(
      [repository([old, oldRecord], { name: 'base' }), repository([dated], { name: 'web' })],
      now,
    );
    expect(repositories.map(({ deleted }) => deleted.length)).toEqual([2, 1]);
  });
});

describe('the plan', () => {
  const branch = branchBuild('old', 30, {
    layers: [
      { digest: digestOf('base layer'), size: 5000 },
      { digest: digestOf('own'), size: 70 },
    ],
  });
  const [current = image('none'), currentRecord = image('none')] = defaultBuild('current', 3, ['latest']);
  const staying = { ...current, layers: [{ digest: digestOf('base layer'), size: 5000 }] };

  it('counts what is freed once, without what stays needs', () => {
    const twin = branchBuild('twin', 30, {
      tags: ['feature'],
      layers: [{ digest: digestOf('own'), size: 70 }],
      config: { digest: digestOf('config of old'), size: 100 },
    });
    const { bytesFreed, classes } = planOf([...branch, staying, currentRecord]);
    // The manifests of build and record, the configuration, and the layer that nothing else has.
    expect(bytesFreed).toBe(500 + 300 + 100 + 70);
    expect(planOf([...branch, ...twin, staying, currentRecord]).bytesFreed).toBe(2 * (500 + 300) + 100 + 70);
    expect(classes).toEqual([
      { class: 'default', kept: 1, held: 0, deleted: 0, bytesFreed: 0, oldestKept: '2026-11-20T12:00:00.000Z' },
      { class: 'branch', kept: 0, held: 0, deleted: 1, bytesFreed: 970 },
    ]);
  });

  it('says why each build stays or goes', () => {
    const { kept, deleted } = planOf([...branch, staying, currentRecord]);
    expect(kept[0]).toMatchObject({
      class: 'default',
      publishedAt: '2026-11-20T12:00:00.000Z',
      reasons: [
        'published as latest',
        'default branch: published 2026-11-20; keep-for 1 year or keep-last 10, it is number 1',
      ],
    });
    expect(deleted.at(-1)).toMatchObject({
      digest: digestOf('old'),
      class: 'branch',
      reason: 'branch feature: published 2026-10-24; keep-for 7 days',
    });
  });

  it('leaves a repository that is only looked at as it is', () => {
    const [plan] = planRotation([repository([...branch], { rotate: false })], now).repositories;
    expect(plan?.deleted).toEqual([]);
    expect(plan?.kept).toHaveLength(2);
  });
});
