/**
 * Puts Dockerfiles before our rules and before the tools that they follow, BuildKit and hadolint, and prints where the
 * verdicts differ.
 *
 *     npm run lint:oracle [WORD in the name of the cases to look at]
 */
import { join } from 'node:path';
import { readHadolintConfig } from '../src/dockerfile/hadolint-config.ts';
import { dockerRules } from '../src/dockerfile/rules/docker/index.ts';
import { hadolintRules } from '../src/dockerfile/rules/hadolint/index.ts';
import { rules } from '../src/dockerfile/rules/index.ts';
import { askBuildKit, type BuildKitVerdict } from './lint-oracle/buildkit.ts';
import type { Case } from './lint-oracle/case.ts';
import { dockerCases } from './lint-oracle/docker-cases.ts';
import { askHadolint, type HadolintFinding } from './lint-oracle/hadolint.ts';
import { hadolintCases } from './lint-oracle/hadolint-cases.ts';
import { instructionLine, judge } from './lint-oracle/ours.ts';

const tools = join(process.env.IMAGE_CASCADE_ROOT ?? '.', '.cache', 'tools');
const [wanted = ''] = process.argv.slice(2);
const all = [...dockerCases, ...hadolintCases].filter(({ name }) => name.includes(wanted));

let passed = 0;
let failed = 0;
function report(oracle: string, { name, dockerfile }: Case, theirs: readonly string[], ours: readonly string[]): void {
  const [left, right] = [theirs.toSorted(), ours.toSorted()];
  if (left.join() === right.join()) {
    passed += 1;
    return;
  }
  failed += 1;
  console.log(`${oracle} differs: ${name}\n  ${oracle}: ${left.join(', ') || '-'}\n  ours: ${right.join(', ') || '-'}`);
  console.log(dockerfile.replaceAll(/^/gm, '  | '));
}

const onlyDocker = Object.fromEntries(
  rules.filter((rule) => rule.id !== 'parse' && !dockerRules.includes(rule)).map(({ id }) => [id, 'off' as const]),
);
function compareWithBuildKit(one: Case, { warnings, error }: BuildKitVerdict): void {
  const { parsed, findings } = judge(one, onlyDocker);
  const stops = error !== undefined && !error.startsWith('lint violation found');
  const place = (rule: string, line: number): string => `${rule}@${instructionLine(parsed, line)}`;
  // What the builder says before it stops depends on how far it came.
  const theirs = stops ? ['stops'] : warnings.map(({ rule, line }) => place(rule, line));
  const ours = findings.some(({ rule }) => rule === 'parse')
    ? ['stops']
    : findings.map(({ rule, line }) => place(rule, line));
  if (stops && ours.join() !== 'stops') console.log(`  stops: ${error}`);
  if (!stops && ours.join() === 'stops') console.log(`  ours stops: ${findings.map(({ message }) => message).join()}`);
  report('BuildKit', one, theirs, ours);
  const asErrors = findings.some(({ rule, severity }) => rule !== 'parse' && severity === 'error');
  if (!stops && asErrors !== (error !== undefined))
    report('BuildKit', one, [`error: ${error}`], [`errors: ${asErrors}`]);
}

/** All that hadolint does not ignore by default. */
const onlyHadolint = Object.fromEntries(
  rules.map((rule) => {
    if (!hadolintRules.includes(rule) || /^DL(?:1001|3057)$/.test(rule.id)) return [rule.id, 'off' as const];
    return [rule.id, rule.severity === 'off' ? ('warning' as const) : rule.severity];
  }),
);
const levels = { error: 'error', warning: 'warning', info: 'notice', style: 'notice', ignore: 'off' } as const;
function compareWithHadolint(one: Case, verdict: readonly HadolintFinding[]): void {
  const { severities, ...options } = readHadolintConfig(one.hadolint ?? '', '.hadolint.yaml');
  const changed = { ...one, options: { ...options, ...one.options, severities: { ...severities } } };
  const { parsed, findings } = judge(changed, onlyHadolint);
  const place = (rule: string, line: number, level: string): string =>
    `${rule}@${instructionLine(parsed, line)}:${level}`;
  const theirs = verdict.filter(({ code }) => code.startsWith('DL'));
  // A Dockerfile that it can't read it says nothing else of; which those are is BuildKit's to say.
  if (theirs.some(({ code }) => code === 'DL1000')) {
    unread.push(one.name);
    return;
  }
  report(
    'hadolint',
    one,
    theirs.map(({ code, line, level }) => place(code, line, levels[level])),
    findings.map(({ rule, line, severity }) => place(rule, line, severity)),
  );
}

const unread: string[] = [];
const verdicts = askBuildKit(join(tools, 'bin', 'buildkit-lint'), all);
for (const [index, one] of all.entries()) compareWithBuildKit(one, verdicts[index] ?? { warnings: [] });
const opinions = askHadolint(join(tools, 'bin', 'hadolint'), all);
for (const [index, one] of all.entries()) compareWithHadolint(one, opinions[index] ?? []);
if (unread.length > 0) console.log(`hadolint can not read: ${unread.join('; ')}`);

console.log(`${all.length} Dockerfiles`);
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
