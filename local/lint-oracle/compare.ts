/** Our verdicts beside those of the tools that the rules follow. */
import { readHadolintConfig } from '../../src/dockerfile/hadolint-config.ts';
import { dockerRules } from '../../src/dockerfile/rules/docker/index.ts';
import { hadolintRules } from '../../src/dockerfile/rules/hadolint/index.ts';
import { rules } from '../../src/dockerfile/rules/index.ts';
import type { BuildKitVerdict } from './buildkit.ts';
import type { Case, Verdict } from './case.ts';
import type { HadolintFinding } from './hadolint.ts';
import { instructionLine, judge } from './ours.ts';

export interface Comparison {
  readonly oracle: 'BuildKit' | 'hadolint';
  readonly one: Case;
  readonly theirs: readonly Verdict[];
  readonly ours: readonly Verdict[];
  /** What somebody says who stops. */
  readonly reason?: string;
}

export function differs({ theirs, ours }: Comparison): boolean {
  return theirs.join() !== ours.join();
}

const onlyDocker = Object.fromEntries(
  rules.filter((rule) => rule.id !== 'parse' && !dockerRules.includes(rule)).map(({ id }) => [id, 'off' as const]),
);

/** What the builder says before it stops depends on how far it came, so only that it stops is compared then. */
export function besideBuildKit(one: Case, { warnings, error }: BuildKitVerdict): Comparison {
  // The comments of hadolint mean nothing to it.
  const options = { ...one.options, disableIgnorePragma: true };
  const { parsed, findings } = judge({ ...one, options }, onlyDocker);
  const stops = error !== undefined && !error.startsWith('lint violation found');
  const unread = findings.filter(({ rule }) => rule === 'parse');
  const place = (rule: string, line: number): Verdict => `${rule}@${instructionLine(parsed, line)}`;
  const asErrors = (are: boolean): readonly Verdict[] => (are ? ['as errors'] : []);
  const theirs = stops
    ? ['stops']
    : [...warnings.map(({ rule, line }) => place(rule, line)), ...asErrors(error !== undefined)];
  const ours =
    unread.length > 0
      ? ['stops']
      : [
          ...findings.map(({ rule, line }) => place(rule, line)),
          ...asErrors(findings.some(({ severity }) => severity === 'error')),
        ];
  const reason = stops ? error : unread[0]?.message;
  const compared = { oracle: 'BuildKit', one, theirs: theirs.toSorted(), ours: ours.toSorted() } as const;
  return reason === undefined ? compared : { ...compared, reason };
}

/** All that hadolint does not ignore by default. */
const onlyHadolint = Object.fromEntries(
  rules.map((rule) => {
    if (!hadolintRules.includes(rule) || /^DL(?:1001|3057)$/.test(rule.id)) return [rule.id, 'off' as const];
    return [rule.id, rule.severity === 'off' ? ('warning' as const) : rule.severity];
  }),
);
const levels = { error: 'error', warning: 'warning', info: 'notice', style: 'notice', ignore: 'off' } as const;

/** `undefined` for a Dockerfile that hadolint can't read: which those are is BuildKit's to say. */
export function besideHadolint(one: Case, findings: readonly HadolintFinding[]): Comparison | undefined {
  const { severities, ...options } = readHadolintConfig(one.hadolint ?? '', '.hadolint.yaml');
  const judged = judge(
    { ...one, options: { ...options, ...one.options, severities: { ...severities } } },
    onlyHadolint,
  );
  const place = (rule: string, line: number, level: string): Verdict =>
    `${rule}@${instructionLine(judged.parsed, line)}:${level}`;
  // ShellCheck's are not ours.
  const theirs = findings.filter(({ code }) => code.startsWith('DL'));
  if (theirs.some(({ code }) => code === 'DL1000')) return undefined;
  return {
    oracle: 'hadolint',
    one,
    theirs: theirs.map(({ code, line, level }) => place(code, line, levels[level])).toSorted(),
    ours: judged.findings.map(({ rule, line, severity }) => place(rule, line, severity)).toSorted(),
  };
}
