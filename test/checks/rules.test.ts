import { describe, expect, it } from '@jest/globals';
import { decideTest, selectNamed, shownResults } from '../../src/checks/index.ts';
import { listeners } from '../../src/checks/kinds/port.ts';
import { anyText } from '../../src/checks/kinds/schemas.ts';
import { parallel } from '../../src/checks/parallel.ts';
import { breaches } from '../../src/checks/text-rule.ts';
import { digest, rendered } from '../build/images.ts';

describe('listeners', () => {
  // From /proc/<pid>/net of a container with nginx on 80, IPv6 only on 8080, a connection to 443, a resolver on udp 53.
  const tcp = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 21 1 0 100 0 0 10 0',
    '   1: 0F02000A:C350 0101A8C0:01BB 01 00000000:00000000 02:000003F1 00000000     0        0 22 2 0 20 4 30 10 -1',
  ].join('\n');
  const tcp6 = '   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 1';
  const udp = '  12: 0100007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 23 2 0 0';

  it('are those in the listening state, connections left out', () => {
    expect(listeners(tcp, 'tcp')).toEqual([{ address: '0.0.0.0', port: 80 }]);
    expect(listeners(tcp6, 'tcp')).toEqual([{ address: '::', port: 8080 }]);
    expect(listeners(udp, 'udp')).toEqual([{ address: '127.0.0.1', port: 53 }]);
    expect(listeners(tcp, 'udp')).toEqual([]);
    const loopback6 = '0: 00000000000000000000000001000000:0035 00000000000000000000000000000000:0000 0A';
    expect(listeners(loopback6, 'tcp')).toEqual([{ address: '::1', port: 53 }]);
  });
});

describe('a rule for a text', () => {
  it('wants all parts and all patterns, by line', () => {
    expect(breaches('one\ntwo', { ...anyText, contains: ['one', 'two'], matches: ['^two$'] }, 'it')).toEqual([]);
    expect(
      breaches(
        'one\ntwo',
        { ...anyText, contains: ['three'], matches: ['^wo'], lacks: ['one'], differs: ['^t'] },
        'it',
      ),
    ).toEqual([
      "it does not contain 'three'",
      'it does not match /^wo/',
      "it contains 'one'",
      'it matches /^t/',
      "it is 'one\ntwo'",
    ]);
  });
});

describe('decideTest', () => {
  const tests = 'docker/web/tests.yaml';
  const image = { reference: 'image-cascade.local/web:run-1', id: 'sha256:1' };
  const built = { images: [{ name: 'web', status: 'built' as const, reason: '', image }] };
  const reused = rendered('web', { tests, build: { needed: false, reason: 'already built' }, digest });

  it('tests what this job built', () => {
    expect(decideTest(rendered('web', { tests }), built)).toEqual({ kind: 'test', ...image, pull: false });
  });

  it('pulls what was built before by its digest, when only its tests changed', () => {
    expect(decideTest(reused, { images: [] })).toEqual({
      kind: 'test',
      reference: `r.example:5000/acme/web@${digest}`,
      pull: true,
    });
  });

  it.each([
    [
      'passes what was tested before',
      { ...reused, test: { needed: false, reason: 'already tested' } },
      'passed',
      'already tested',
    ],
    ['passes what has no tests', rendered('web'), 'passed', 'it has no tests'],
    ['skips what waits', { ...reused, waiting: true, build: { needed: true, reason: 'waits' } }, 'skipped', 'waits'],
  ])('%s', (_, candidate, status, reason) => {
    expect(decideTest(candidate, built)).toEqual({ kind: 'verdict', status, reason });
  });

  it('skips what was not built', () => {
    const failed = { images: [{ name: 'web', status: 'failed' as const, reason: 'exit 1' }] };
    expect(decideTest(rendered('web', { tests }), failed)).toMatchObject({
      status: 'skipped',
      reason: 'failed: exit 1',
    });
  });

  it('fails where nothing was built that could be tested: a job that tests nothing must not be green', () => {
    expect(decideTest(rendered('web', { tests }), undefined)).toMatchObject({
      status: 'failed',
      reason: "nothing has been built in this job; add a step that runs 'build' before this one",
    });
    expect(decideTest(rendered('web'), undefined)).toMatchObject({ status: 'skipped' });
  });
});

describe('selectNamed', () => {
  const items = [{ name: 'web' }, { name: 'web-php' }, { name: 'db' }];

  it('takes names and globs, and all without either', async () => {
    expect(await selectNamed(items, ['web*'])).toEqual([{ name: 'web' }, { name: 'web-php' }]);
    expect(await selectNamed(items, ['db', 'web'])).toEqual([{ name: 'web' }, { name: 'db' }]);
    expect(await selectNamed(items, [])).toEqual(items);
  });

  it('refuses what matches nothing', async () => {
    await expect(selectNamed(items, ['web', 'wbe', 'x*'])).rejects.toThrow(
      "input 'images': there is no image 'wbe'; did you mean 'web'?\ninput 'images': there is no image 'x*'; the images of this job are web, web-php, db",
    );
  });
});

describe('parallel', () => {
  it('keeps the order and the limit', async () => {
    let running = 0;
    let most = 0;
    const results = await parallel([3, 1, 2], 2, async (item) => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      running--;
      return item * 10;
    });
    expect(results).toEqual([30, 10, 20]);
    expect(most).toBe(2);
  });

  it('lets the rest end before it rejects', async () => {
    const ended: number[] = [];
    const work = async (item: number): Promise<void> => {
      if (item === 1) throw new Error('one');
      ended.push(item);
    };
    await expect(parallel([1, 2, 3], 2, work)).rejects.toThrow('one');
    expect(ended).toEqual([2, 3]);
  });
});

describe('shownResults', () => {
  it('lets no line of a container pass for a command to the runner', () => {
    const image = {
      name: 'web',
      status: 'failed' as const,
      reason: '1 of 1 checks failed',
      checks: [{ title: 't', status: 'failed' as const, message: '::error::a\n::error::b', durationMs: 1 }],
    };
    const lines = shownResults(image, ['::add-mask::x', '##[error]y']);
    expect(lines.filter((line) => /^\s*::|##\[/.test(line))).toEqual([]);
    expect(lines).toContain('  | ::add-mask::x');
  });
});
