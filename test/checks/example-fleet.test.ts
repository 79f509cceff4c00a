import { X509Certificate } from 'node:crypto';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { loadTestFile, testFolder } from '../../src/checks/index.ts';
import { kinds } from '../../src/checks/kinds/index.ts';
import { startShape, upSchema } from '../../src/checks/test-file-schema.ts';
import { isJson, type Json } from '../../src/documents/json.ts';
import { loadConfig } from '../../src/images/index.ts';

const fleet = 'examples/fleet';

/** The test files as `images.yaml` of each repository leads to them. */
const testFiles = globSync('*/images.yaml', { cwd: fleet }).flatMap((path) => {
  const workspace = join(fleet, posix.dirname(path));
  const text = readFileSync(join(fleet, path), 'utf8');
  return loadConfig(text, 'images.yaml', globSync('docker/**', { cwd: workspace })).images.map(({ name, tests }) => {
    if (tests === undefined) throw new Error(`${name} has no tests`);
    const isFolder = statSync(join(workspace, tests)).isDirectory();
    const file = isFolder ? posix.join(tests, 'tests.yaml') : tests;
    return { name, workspace, file, folder: isFolder ? tests : undefined };
  });
});
const texts = testFiles.map(({ workspace, file }) => readFileSync(join(workspace, file), 'utf8'));
const parts = texts.flatMap((text) => objectsIn(parse(text)));

/** A value and everything in it that has keys, with the key that it is under. */
function objectsIn(value: unknown, key = ''): { readonly key: string; readonly value: Json }[] {
  if (Array.isArray(value)) return value.flatMap((part) => objectsIn(part, key));
  if (!isJson(value)) return [];
  return [{ key, value }, ...Object.entries(value).flatMap(([inner, part]) => objectsIn(part, inner))];
}

function keysUnder(...keys: string[]): Set<string> {
  return new Set(parts.filter(({ key }) => keys.includes(key)).flatMap(({ value }) => Object.keys(value)));
}

describe('the test files of the example fleet', () => {
  it.each(testFiles)('of $name can be read', async ({ workspace, file, folder }) => {
    const text = readFileSync(join(workspace, file), 'utf8');
    expect((await loadTestFile(text, file, testFolder(workspace, file, folder))).checks).not.toEqual([]);
  });

  it('use every kind of check', () => {
    const used = keysUnder('checks');
    expect(kinds.map(({ name }) => name).filter((name) => !used.has(name))).toEqual([]);
  });

  it('use every way to say when a container is up', () => {
    const used = keysUnder('up');
    expect(Object.keys(upSchema.entries).filter((name) => !used.has(name))).toEqual([]);
  });

  it('start containers with a service, an environment, a command and mounts', () => {
    const used = keysUnder('start');
    const { entrypoint: _, user: __, ...shown } = { ...startShape, services: undefined };
    expect(Object.keys(shown).filter((name) => !used.has(name))).toEqual([]);
    expect([...keysUnder('mounts')].sort()).toEqual(['source', 'target', 'tmpfs']);
  });

  it('have one for container-structure-test', () => {
    expect(texts.filter((text) => isJson(parse(text)) && 'schemaVersion' in parse(text))).toHaveLength(1);
  });

  it('have one for goss', () => {
    expect(texts.flatMap((text) => parse(text).include ?? [])).toEqual(['goss.yaml']);
  });

  it('name certificates that do not expire', () => {
    const certificates = globSync('**/*.pem', { cwd: fleet }).map((path) => readFileSync(join(fleet, path)));
    expect(certificates).not.toEqual([]);
    for (const certificate of certificates)
      expect(new X509Certificate(certificate).validTo).toMatch(/ 2[1-9]\d\d GMT$/);
  });
});
