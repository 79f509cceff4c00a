/**
 * Writes the tables of inputs and outputs into README.md from each `actions/<name>/action.yml`, between
 * `<!-- action: NAME -->` and `<!-- /action -->`.
 *
 *     node scripts/docs.mjs [--check]
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const readme = join(root, 'README.md');

const cell = (text) => String(text).trim().replace(/\s+/g, ' ').replaceAll('|', '\\|');
const code = (text) => `\`${cell(text)}\``;

function table(headers, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(headers), line(headers.map(() => '---')), ...rows.map(line)].join('\n');
}

function section({ description, inputs = {}, outputs = {} }) {
  const inputRows = Object.entries(inputs).map(([name, input]) => [
    code(name),
    cell(input.description) + (input.required ? ' **Required.**' : ''),
    input.default === undefined || input.default === '' ? '' : code(input.default),
  ]);
  const outputRows = Object.entries(outputs).map(([name, output]) => [code(name), cell(output.description)]);
  return [
    description.trim(),
    ...(inputRows.length > 0 ? [table(['Input', 'Description', 'Default'], inputRows)] : []),
    ...(outputRows.length > 0 ? [table(['Output', 'Description'], outputRows)] : []),
  ].join('\n\n');
}

const text = await readFile(readme, 'utf8');
const names = (await readdir(join(root, 'actions'))).sort();
const described = new Set();
let undescribed = [];
const sections = new Map();
for (const name of names) {
  const action = parse(await readFile(join(root, 'actions', name, 'action.yml'), 'utf8'));
  sections.set(name, section(action));
  for (const [kind, entries] of [
    ['input', action.inputs],
    ['output', action.outputs],
  ])
    for (const [key, value] of Object.entries(entries ?? {}))
      if (!value?.description)
        undescribed = [...undescribed, `actions/${name}/action.yml: ${kind} '${key}' has no description`];
}
const updated = text.replace(/(<!-- action: ([a-z-]+) -->\n)[\s\S]*?(<!-- \/action -->)/g, (_, start, name, end) => {
  described.add(name);
  const content = sections.get(name);
  if (content === undefined) throw new Error(`README.md describes an action '${name}' that actions/ does not have`);
  return `${start}\n${content}\n\n${end}`;
});
const missing = names
  .filter((name) => !described.has(name))
  .map((name) => `README.md has no section '<!-- action: ${name} -->'`);
const problems = [...undescribed, ...missing];
if (process.argv.includes('--check')) {
  if (updated !== text) problems.push("README.md is not what action.yml gives; run 'npm run docs' and commit it");
} else if (updated !== text) await writeFile(readme, updated);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
