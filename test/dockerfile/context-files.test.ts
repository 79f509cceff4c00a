import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openContext } from '../../src/dockerfile/index.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'context-'));
  mkdirSync(join(folder, 'src/deep'), { recursive: true });
  for (const file of ['app.conf', 'a b.txt', 'src/main.py', 'src/deep/data.json'])
    writeFileSync(join(folder, file), '');
});

afterEach(() => rmSync(folder, { recursive: true }));

const find = (path: string): string => openContext(folder, join(folder, 'Dockerfile')).find(path).kind;

describe('the build context', () => {
  it.each([
    ['app.conf', 'found'],
    ['/app.conf', 'found'],
    ['./src/../app.conf', 'found'],
    ['../../app.conf', 'found'],
    ['.', 'found'],
    ['/', 'found'],
    ['src/', 'found'],
    ['src/main.p', 'missing'],
    ['App.conf', 'missing'],
    ['*.conf', 'found'],
    ['app.con[f]', 'found'],
    ['app.con[^f]', 'missing'],
    ['a?b.txt', 'found'],
    ['*/*.json', 'missing'],
    ['src/*/*.json', 'found'],
    ['app.conf/x', 'missing'],
    ['a\\*', 'missing'],
  ])('%j is %s', (path, expected) => {
    expect(find(path)).toBe(expected);
  });

  it.each([
    ['*.conf', 'app.conf', 'ignored'],
    ['src', 'src/main.py', 'ignored'],
    ['main.py', 'src/main.py', 'found'],
    ['**/main.py', 'src/main.py', 'ignored'],
    ['src/**', 'src/deep/data.json', 'ignored'],
    ['*\n!app.conf', 'app.conf', 'found'],
    ['*\n!app.conf', 'src', 'ignored'],
    ['src\n!src/main.py', 'src', 'found'],
    ['src/*\n!src/main.py', 'src/deep', 'ignored'],
    ['# src\n\n  /app.conf/ ', 'app.conf', 'ignored'],
    ['# src\n\n  /app.conf/ ', 'src', 'found'],
    ['*.conf', '*.conf', 'ignored'],
    ['**', 'app.conf', 'ignored'],
    ['**.json', 'src/deep/data.json', 'ignored'],
    ['../app.conf', 'app.conf', 'found'],
  ])('with .dockerignore %j, %j is %s', (ignore, path, expected) => {
    writeFileSync(join(folder, '.dockerignore'), ignore);
    expect(find(path)).toBe(expected);
  });

  it("prefers the Dockerfile's own ignore file, and says which line left a path out", () => {
    writeFileSync(join(folder, '.dockerignore'), 'app.conf');
    writeFileSync(join(folder, 'Dockerfile.dockerignore'), '# comment\nsrc');
    expect(find('app.conf')).toBe('found');
    expect(openContext(folder, join(folder, 'Dockerfile')).find('src')).toEqual({
      kind: 'ignored',
      file: 'Dockerfile.dockerignore',
      line: 2,
      pattern: 'src',
    });
  });
});
