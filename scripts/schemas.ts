/**
 * Writes the JSON Schemas of the files that users write, for editors, into `schemas/`.
 *
 *     node local/launch.mjs scripts/schemas.ts            writes them
 *     node local/launch.mjs scripts/schemas.ts --check    fails, naming the files, where one differs
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../local/processes/index.ts';
import { testFileJsonSchema } from '../src/checks/test-file-json-schema.ts';
import { rulesJsonSchema } from '../src/dockerfile/rules-json-schema.ts';
import { configJsonSchema } from '../src/images/index.ts';
import { jsonReportJsonSchema } from '../src/reports/report-json-schema.ts';

const folder = join(projectRoot(), 'schemas');
const schemas: Readonly<Record<string, Record<string, unknown>>> = {
  'images.schema.json': configJsonSchema(),
  'report.schema.json': jsonReportJsonSchema(),
  'rules.schema.json': rulesJsonSchema(),
  'tests.schema.json': testFileJsonSchema(),
};
const check = process.argv.includes('--check');
const stale: string[] = [];
await mkdir(folder, { recursive: true });
for (const [name, schema] of Object.entries(schemas)) {
  const file = join(folder, name);
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  const present = await readFile(file, 'utf8').catch(() => '');
  if (present === text) continue;
  if (check) stale.push(`schemas/${name}`);
  else await writeFile(file, text);
}
if (stale.length > 0) {
  console.error(`${stale.join(', ')} do not say what the code does; run: node local/launch.mjs scripts/schemas.ts`);
  process.exitCode = 1;
}
