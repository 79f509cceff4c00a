import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadTestFile, testFolder } from '../../src/checks/index.ts';
import { kinds } from '../../src/checks/kinds/index.ts';

const examples = [...readFileSync('docs/testing.md', 'utf8').matchAll(/^```yaml tests\n(.*?)^```$/gms)].map(
  ([, text = '']) => text,
);
const [, gossfile = ''] = /^```yaml\n(port:\n.*?)^```$/ms.exec(readFileSync('docs/testing.md', 'utf8')) ?? [];
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'image-cascade-docs-'));
  const files = {
    'openapi.yaml': 'openapi: 3.1.0',
    'pod.yaml': 'kind: Pod\nspec: { containers: [{ name: web }] }',
    'structure-tests.yaml': 'schemaVersion: 2.0.0',
    'goss_vars.yaml': 'packages: [curl]',
    'goss.yaml': gossfile.replace(/^gossfile:[\s\S]*/m, ''),
    'more/goss.yaml': 'process: { {{ .Vars.name }}: { running: true } }',
    'vars.yaml': 'name: web',
  };
  mkdirSync(join(folder, 'more'));
  for (const name of ['site.conf', 'ca.pem', 'client.pem', 'client.key']) writeFileSync(join(folder, name), '');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the examples of docs/testing.md', () => {
  it.each(examples.map((text, index) => [index + 1, text] as const))('number %i is a test file', async (_, text) => {
    await expect(loadTestFile(text, 'tests.yaml', testFolder(folder, 'tests.yaml', '.'))).resolves.toBeDefined();
  });

  it('show every kind of check', () => {
    for (const { name } of kinds) expect(examples.join('\n')).toMatch(new RegExp(`^  - ${name}:`, 'm'));
  });
});
