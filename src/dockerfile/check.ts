/** A Dockerfile against all rules. */
import { type IgnoreComment, ignoreComments } from './ignore-comments.ts';
import { type Finding, type RuleContext, type RuleOptions, rules } from './rules/index.ts';

export const noOptions: RuleOptions = { allowedBases: [], allowedVersions: [], severities: {} };

/** Findings by line. A Dockerfile that can't be read is held to no other rule than that. */
export function checkDockerfile(context: RuleContext): readonly Finding[] {
  const ignores = ignoreComments(context.dockerfile);
  const findings: Finding[] = [...unknownRules(ignores)];
  for (const rule of rules) {
    const severity = context.options.severities[rule.id] ?? rule.severity;
    if (severity === 'off') continue;
    for (const finding of rule.check(context)) {
      if (rule.id !== 'parse' && isIgnored(ignores, rule.id, finding.line)) continue;
      findings.push({ ...finding, rule: rule.id, severity: milder(severity, finding.severity ?? severity) });
    }
    if (rule.id === 'parse' && findings.some((finding) => finding.rule === 'parse')) break;
  }
  return findings.toSorted((a, b) => a.line - b.line || a.column - b.column);
}

const ranks = { error: 2, warning: 1, notice: 0 } as const;

function milder<T extends keyof typeof ranks>(a: T, b: T): T {
  return ranks[a] < ranks[b] ? a : b;
}

function isIgnored(ignores: readonly IgnoreComment[], rule: string, line: number): boolean {
  return ignores.some((ignore) => ignore.rules.includes(rule) && line >= ignore.from && line <= ignore.to);
}

function unknownRules(ignores: readonly IgnoreComment[]): readonly Finding[] {
  const known = rules.map(({ id }) => id);
  return ignores.flatMap(({ rules: names, line, column }) =>
    names
      .filter((name) => !known.includes(name))
      .map((name) => ({
        rule: 'ignore-comment',
        severity: 'warning' as const,
        line,
        column,
        message: `there is no rule '${name}' to ignore`,
        hint: `rules are ${known.join(', ')}`,
      })),
  );
}
