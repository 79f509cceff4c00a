import { describe, expect, it } from '@jest/globals';
import { holdSummary, restoreSummary, rotationSummary } from '../../src/reports/index.ts';
import type { RepositoryPlan } from '../../src/retention/index.ts';
import type { Deletion, Rotation } from '../../src/rotate/index.ts';
import { imageRepository } from '../rotate/config.ts';

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const own = imageRepository('r.test', ['web']);

const web: RepositoryPlan = {
  repository: 'r.test/acme/web',
  kept: [
    {
      digest: digest('a'),
      tags: ['latest', `k-${'0'.repeat(32)}`],
      class: 'default',
      publishedAt: '2026-11-20T00:00:00Z',
      reasons: ['published as latest'],
    },
    {
      digest: digest('b'),
      tags: ['feature'],
      class: 'branch',
      publishedAt: '2026-11-01T00:00:00Z',
      reasons: ['held as audit by ada: <b>why</b>'],
    },
    { digest: digest('c'), tags: [], reasons: ['part of latest'] },
  ],
  deleted: [
    {
      digest: digest('d'),
      tags: ['old'],
      mediaType: '',
      class: 'branch',
      publishedAt: '2026-11-02T00:00:00Z',
      reason: 'branch old: published 2026-11-02; keep-for 7 days',
      build: digest('d'),
    },
    { digest: digest('e'), tags: [], mediaType: '', class: 'branch', reason: 'belongs to old', build: digest('d') },
  ],
  holds: [
    {
      tag: 'hold-until-2026-12-31-audit',
      name: 'audit',
      digest: digest('b'),
      until: '2026-12-31',
      active: true,
      by: 'ada',
      reason: '<b>why</b>',
      since: '2026-11-03T00:00:00Z',
      run: 'https://github.test/run/1',
    },
    { tag: 'hold-until-2026-11-01-x', name: 'x', digest: digest('b'), until: '2026-11-01', active: false },
  ],
  classes: [
    { class: 'default', kept: 1, held: 0, deleted: 0, bytesFreed: 0, oldestKept: '2026-11-20T00:00:00Z' },
    { class: 'branch', kept: 1, held: 1, deleted: 1, bytesFreed: 1_500_000, oldestKept: '2026-11-01T00:00:00Z' },
  ],
  bytesFreed: 2_000_000,
  bytesKept: 9_000_000,
};

function rotation(change: Partial<Rotation> = {}): Rotation {
  return {
    dryRun: false,
    plan: { repositories: [web, { ...web, repository: 'r.test/other/base', deleted: [], classes: [] }] },
    rotated: new Set(['r.test/acme/web']),
    deletions: [],
    leftovers: [],
    refused: [],
    problems: [],
    ...change,
  };
}

function summary(change: Partial<Rotation> = {}, reasons = false): string {
  return rotationSummary({ rotation: rotation(change), own, reasons });
}

const deletion: Deletion = {
  repository: 'r.test/acme/web',
  store: 'packages',
  digest: digest('f'),
  mediaType: '',
  tags: ['popular'],
  reason: '',
  status: 'refused',
  problem: 'more than 5000 downloads',
};

describe('the summary of a rotation', () => {
  it('counts by image and class, and layers that classes share once', () => {
    const text = summary();
    expect(text).toContain('### Rotation: 1 build deleted, 2 kept, 1 of them held, 2.0 MB freed');
    expect(text).toContain('| `web` | default | 1 | 0 | 0 | 0 B | 2026-11-20 |');
    expect(text).toContain('|  | branch | 1 | 1 | 1 | 1.5 MB | 2026-11-01 |');
    expect(text).toContain('|  | together |  |  |  | 2.0 MB |  |');
    expect(text).not.toContain('base');
  });

  it('says who holds what, until when and why, whatever they wrote', () => {
    const text = summary();
    expect(text).toContain(
      '| `web` | `hold-until-2026-12-31-audit` | `sha256:bbbbbbbbbbbb` | 2026-12-31 | ada | [2026-11-03](https://github.test/run/1) | &#60;b&#62;why&#60;/b&#62; |',
    );
    expect(text).toContain('| 2026-11-01: over | set by hand |  |  |');
  });

  it('lists what went, without the tags of the suite itself', () => {
    expect(summary()).toContain('web: 1 build deleted, with 1 manifest that belongs to it');
    expect(summary()).toContain(
      '| `sha256:dddddddddddd` | `old` | branch | 2026-11-02 | branch old: published 2026-11-02; keep-for 7 days |',
    );
  });

  it('gives the reasons of what stays when somebody asks', () => {
    expect(summary()).not.toContain('published as latest');
    expect(summary({}, true)).toContain(
      '| `sha256:aaaaaaaaaaaa` | `latest` | default | 2026-11-20 | published as latest |',
    );
  });

  it('says that a dry run deletes nothing', () => {
    const text = summary({ dryRun: true });
    expect(text).toContain('### Rotation (dry run): 1 build to delete, 2 kept, 1 of them held, 2.0 MB to free');
    expect(text).toContain('| Image | Class | Kept | Held | To delete | To free | Oldest kept |');
  });

  it('says why nothing was deleted', () => {
    const text = summary({ refused: [{ message: 'rotation would delete 9 of the 10 manifests', hint: 'look at it' }] });
    expect(text).toContain('### Rotation refused: 1 build to delete');
    expect(text).toContain('⛔ rotation would delete 9 of the 10 manifests; look at it');
    expect(text).toContain('Nothing was deleted.');
  });

  it('says what is still there, and what is left to the next run', () => {
    const text = summary({ stopped: 'its time is up', deletions: [deletion, { ...deletion, status: 'planned' }] });
    expect(text).toContain('⏳ It ended early: its time is up. 1 deletion is left to the next run.');
    expect(text).toContain(
      '| `web` | `sha256:ffffffffffff` | `popular` | refused | more than 5000 downloads |'.replace(
        'refused',
        '❌&nbsp;refused',
      ),
    );
  });

  it('counts artifacts and caches', () => {
    const leftover = {
      repository: 'acme/images',
      kind: 'cache',
      id: 1,
      name: 'node',
      usedAt: '2026-11-01T00:00:00Z',
      size: 1000,
      reason: 'branch gone is gone',
      status: 'deleted',
    } as const;
    const text = summary({ leftovers: [leftover, { ...leftover, id: 2, status: 'failed', problem: 'No' }] });
    expect(text).toContain('| `acme/images` | caches | 1 failed, 1 deleted | 1.0 kB |');
    expect(text).toContain('2 artifacts and caches');
  });
});

describe('the summaries of holding and restoring', () => {
  it('name builds and marks', () => {
    const text = holdSummary('hold', [
      { repository: 'r.test/acme/web', digest: digest('b'), tag: 'hold-audit', by: 'ada', reason: 'why' },
    ]);
    expect(text).toContain('### Rotation: 1 build held');
    expect(text).toContain('| `r.test/acme/web` | `sha256:bbbbbbbbbbbb` | `hold-audit` | for ever | ada | why |');
  });

  it('say what is back', () => {
    const text = restoreSummary([
      { deletion, status: 'restored', tags: ['popular'] },
      { deletion: { ...deletion, digest: digest('0') }, status: 'failed', tags: [], problem: 'gone' },
    ]);
    expect(text).toContain('### Rotation: 1 failed, 1 restored');
    expect(text).toContain('| `r.test/acme/web` | `sha256:ffffffffffff` | `popular` | ✅&nbsp;restored |  |');
    expect(text).toContain('| ❌&nbsp;failed | gone |');
  });
});
