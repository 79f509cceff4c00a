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
  for (const name of ['site.conf', 'ca.pem', 'client.pem', 'client.key', 'openapi.yaml', 'pod.yaml'])
    writeFileSync(join(folder, name), '');
  writeFileSync(join(folder, 'structure-tests.yaml'), 'schemaVersion: 2.0.0\n');
  mkdirSync(join(folder, 'more'));
  writeFileSync(join(folder, 'goss_vars.yaml'), 'packages: [curl]\n');
  writeFileSync(join(folder, 'goss.yaml'), gossfile.replace(/^gossfile:[\s\S]*/m, ''));
  writeFileSync(join(folder, 'more/goss.yaml'), 'process: { {{ .Vars.name }}: { running: true } }\n');
  writeFileSync(join(folder, 'vars.yaml'), 'name: web\n');
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
