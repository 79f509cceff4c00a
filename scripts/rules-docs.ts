/**
 * Writes the rules into docs/rules.md from what they say of themselves, between `<!-- rules -->` and `<!-- /rules -->`.
 *
 *     node local/launch.mjs scripts/rules-docs.ts [--check]
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../local/processes/index.ts';
import { dockerRules } from '../src/dockerfile/rules/docker/index.ts';
import { fleetRules } from '../src/dockerfile/rules/fleet/index.ts';
import { hadolintRules } from '../src/dockerfile/rules/hadolint/index.ts';
import type { Rule } from '../src/dockerfile/rules/rule.ts';

const groups: readonly (readonly [title: string, rules: readonly Rule[]])[] = [
  ['Rules of the fleet', fleetRules],
  ["Docker's build checks", dockerRules],
  ["hadolint's rules", hadolintRules],
];

const dockerfile = (text: string): string => `\`\`\`dockerfile\n${text.trimEnd()}\n\`\`\``;
const link = (id: string): string => `[${id}](#${id.toLowerCase()})`;

function table(rules: readonly Rule[]): string {
  const rows = rules.map(({ id, severity, summary }) => `| ${link(id)} | ${severity} | ${summary} |`);
  return ['| Rule | Severity | Why |', '| --- | --- | --- |', ...rows].join('\n');
}

function section({ id, severity, summary, sameAs, experimental, bad, good, example }: Rule): string {
  const files = Object.entries(example?.files ?? {}).filter(([, content]) => content !== '');
  const notes = [
    `Severity: ${severity}.`,
    ...(sameAs === undefined ? [] : [`Says the same as ${link(sameAs)}: only one of the two is shown.`]),
    ...(experimental === true ? ['Docker calls it experimental: `# check=experimental=` turns it on.'] : []),
    ...(example?.note === undefined ? [] : [`Here ${example.note}`]),
    ...files.map(([name, content]) => `Here \`${name}\` says \`${content}\`.`),
  ];
  return [`#### ${id}`, `${summary}.`, notes.join(' '), 'Bad:', dockerfile(bad), 'Good:', dockerfile(good)].join(
    '\n\n',
  );
}

const file = join(projectRoot(), 'docs', 'rules.md');
const text = await readFile(file, 'utf8');
const generated = groups
  .flatMap(([title, rules]) => [`### ${title}`, table(rules), ...rules.map(section)])
  .join('\n\n');
const updated = text.replace(
  /(<!-- rules -->\n)[\s\S]*?(<!-- \/rules -->)/,
  (_, start: string, end: string) => `${start}\n${generated}\n\n${end}`,
);
if (!process.argv.includes('--check')) await writeFile(file, updated);
else if (updated !== text) {
  console.error("docs/rules.md is not what the rules say; run 'npm run docs' and commit it");
  process.exitCode = 1;
}
