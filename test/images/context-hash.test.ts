import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hashContext } from '../../src/images/index.ts';

describe('the hash of a build context', () => {
  let folder = '';
  let before = '';

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'context-'));
    mkdirSync(join(folder, 'site'));
    writeFileSync(join(folder, 'site/index.html'), 'hello');
    writeFileSync(join(folder, 'run.sh'), 'exec app', { mode: 0o755 });
    symlinkSync('run.sh', join(folder, 'start'));
    before = await hashContext(folder);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is 64 hex digits', () => {
    expect(before).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each<[string, () => void]>([
    ['times', () => utimesSync(join(folder, 'run.sh'), 1, 1)],
    ['bits that git does not know', () => chmodSync(join(folder, 'run.sh'), 0o700)],
  ])('does not change with %s', async (_what, change) => {
    change();
    expect(await hashContext(folder)).toBe(before);
  });

  it.each<[string, () => void]>([
    ['a content', () => writeFileSync(join(folder, 'site/index.html'), 'hallo')],
    ['the executable bit', () => chmodSync(join(folder, 'run.sh'), 0o644)],
    ['a new file', () => writeFileSync(join(folder, 'new'), '')],
    ['a new folder', () => mkdirSync(join(folder, 'new'))],
    [
      'the target of a link',
      () => {
        rmSync(join(folder, 'start'));
        symlinkSync('site', join(folder, 'start'));
      },
    ],
    [
      'a link that becomes a file',
      () => {
        rmSync(join(folder, 'start'));
        writeFileSync(join(folder, 'start'), 'run.sh');
      },
    ],
  ])('changes with %s', async (_what, change) => {
    change();
    expect(await hashContext(folder)).not.toBe(before);
  });

  it('leaves out what is ignored', async () => {
    writeFileSync(join(folder, 'log'), '1');
    const ignored = (path: string): boolean => path === 'log';
    expect(await hashContext(folder, ignored)).toBe(before);
  });
});
