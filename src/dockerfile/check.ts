/** A Dockerfile against all rules. */
import {
  type CheckOptions,
  fileCheckOptions,
  instructionCheckOptions,
  isAskedFor,
  isSkipped,
  noCheckOptions,
} from './check-directives.ts';
import { type IgnoreComment, ignoreComments } from './ignore-comments.ts';
import { dockerRules } from './rules/docker/index.ts';
import { type Finding, type Rule, type RuleContext, type RuleFinding, type RuleOptions, rules } from './rules/index.ts';

export const noOptions: RuleOptions = {
  allowedBases: [],
  allowedVersions: [],
  severities: {},
  trustedRegistries: [],
  labels: {},
  strictLabels: false,
  disableIgnorePragma: false,
};

/** Findings by line. A Dockerfile that can't be read is held to no other rule than that. */
export function checkDockerfile(context: RuleContext): readonly Finding[] {
  const { dockerfile, image, options } = context;
  const ignores = ignoreComments(dockerfile, { hadolint: !options.disableIgnorePragma });
  const checks = fileCheckOptions(dockerfile, image.buildArgs) ?? noCheckOptions;
  const findings: Found[] = [...commentFindings(ignores)];
  for (const rule of rules) {
    const set = options.severities[rule.id];
    const severity = set ?? rule.severity;
    if (severity === 'off' && (set === 'off' || rule.experimental !== true)) continue;
    for (const finding of rule.check(context)) {
      const chosen = severity === 'off' ? experimentalSeverity(rule, checks, finding) : severity;
      if (chosen === 'off' || isSkippedByDirective(rule, context, checks, finding)) continue;
      if (rule.id !== 'parse' && isIgnored(ignores, rule, finding.line)) continue;
      const { subject: _, severity: own = chosen, ...rest } = finding;
      findings.push({
        ...rest,
        rule: rule.id,
        severity: checks.error && isDocker(rule) ? 'error' : milder(chosen, own),
      });
    }
    if (rule.id === 'parse' && findings.some((finding) => finding.rule === 'parse')) break;
  }
  return withoutRepeats(findings).toSorted((a, b) => a.line - b.line || a.column - b.column);
}

type Found = Finding & Pick<RuleFinding, 'repeats'>;

const ranks = { error: 2, warning: 1, notice: 0 } as const;

function milder<T extends keyof typeof ranks>(a: T, b: T): T {
  return ranks[a] < ranks[b] ? a : b;
}

function stricter<T extends keyof typeof ranks>(a: T, b: T): T {
  return ranks[a] > ranks[b] ? a : b;
}

function isDocker(rule: Rule): boolean {
  return dockerRules.includes(rule);
}

/** An experimental check has to be asked for, by the file or above the instruction. */
function experimentalSeverity(rule: Rule, checks: CheckOptions, { subject }: RuleFinding): 'warning' | 'off' {
  const own = subject === undefined ? noCheckOptions : instructionCheckOptions(subject);
  return isAskedFor(checks, rule.id) || isAskedFor(own, rule.id) ? 'warning' : 'off';
}

/** Nothing skips an experimental check. A rule that says the same as a check is skipped with it, while that is on. */
function isSkippedByDirective(
  rule: Rule,
  { dockerfile, options }: RuleContext,
  checks: CheckOptions,
  { subject, line }: RuleFinding,
): boolean {
  const check = isDocker(rule) ? rule : dockerRules.find(({ id }) => id === rule.sameAs);
  if (check === undefined || check.experimental === true) return false;
  if (check !== rule && options.severities[check.id] === 'off') return false;
  const about = check === rule ? subject : dockerfile.instructions.find((instruction) => instruction.line === line);
  const own = about === undefined ? noCheckOptions : instructionCheckOptions(about);
  return isSkipped(checks, check.id) || isSkipped(own, check.id);
}

function isIgnored(ignores: readonly IgnoreComment[], { id, sameAs }: Rule, line: number): boolean {
  const names = [id, sameAs, ...rules.filter((other) => other.sameAs === id).map((other) => other.id)];
  return ignores.some(
    (ignore) => line >= ignore.from && line <= ignore.to && ignore.rules.some((name) => names.includes(name)),
  );
}

/** Without what another rule of the same meaning says already, which is then as severe as the stricter of the two. */
function withoutRepeats(findings: readonly Found[]): readonly Finding[] {
  const twinOf = (id: string): string | undefined => rules.find((rule) => rule.id === id)?.sameAs;
  const said = ({ rule, line, repeats = line }: Found, other: Found): boolean =>
    other.rule === twinOf(rule) && other.line === repeats;
  return findings
    .filter((finding) => !findings.some((other) => said(finding, other)))
    .map(({ repeats: _, ...finding }) => {
      const strictest = findings.filter((other) => said(other, finding)).map(({ severity }) => severity);
      return { ...finding, severity: strictest.reduce(stricter, finding.severity) };
    });
}

/** What is wrong with ignore comments themselves. */
function commentFindings(ignores: readonly IgnoreComment[]): readonly Found[] {
  const known = rules.map(({ id }) => id);
  return ignores.flatMap(({ rules: names, reason, line, column }) => {
    if (reason === undefined) return [];
    const finding = { rule: 'ignore-comment', severity: 'warning' as const, line, column };
    const unknown = names
      .filter((name) => !known.includes(name))
      .map((name) => ({
        ...finding,
        message: `there is no rule '${name}' to ignore`,
        hint: 'docs/rules.md has them all',
      }));
    if (reason !== '') return unknown;
    return [
      ...unknown,
      { ...finding, message: 'the comment does not say why', hint: 'write the reason behind the rule' },
    ];
  });
}
