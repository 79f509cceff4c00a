/** What the rules found as SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
import type { Problem, Severity } from '../problems.ts';

interface DescribedRule {
  readonly id: string;
  readonly summary: string;
  /** Unless it is set otherwise. */
  readonly severity: Severity | 'off';
}

type Found = Problem & { readonly rule: string; readonly severity: Severity };

const levels: Readonly<Record<Severity | 'off', string>> = {
  error: 'error',
  warning: 'warning',
  notice: 'note',
  off: 'none',
};

const docs = 'https://github.com/image-cascade/image-cascade/blob/main/docs/rules.md';

/** One run of the rules; places are paths in the repository. */
export function specSarif(problems: readonly Found[], rules: readonly DescribedRule[]): Record<string, unknown> {
  const ids = [...new Set([...rules.map(({ id }) => id), ...problems.map(({ rule }) => rule)])];
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'image-cascade',
            informationUri: 'https://github.com/image-cascade/image-cascade',
            rules: ids.map((id) =>
              describe(
                id,
                rules.find((rule) => rule.id === id),
              ),
            ),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: problems.map((problem) => result(problem, ids)),
      },
    ],
  };
}

function describe(id: string, rule: DescribedRule | undefined): Record<string, unknown> {
  return {
    id,
    ...(rule === undefined
      ? {}
      : {
          shortDescription: { text: rule.summary },
          helpUri: `${docs}#${id.toLowerCase()}`,
          defaultConfiguration: { enabled: rule.severity !== 'off', level: levels[rule.severity] },
        }),
  };
}

function result({ rule, severity, message, hint, place }: Found, ids: readonly string[]): Record<string, unknown> {
  return {
    ruleId: rule,
    ruleIndex: ids.indexOf(rule),
    level: levels[severity],
    message: { text: hint === undefined ? message : `${message}; ${hint}` },
    locations:
      place === undefined
        ? []
        : [
            {
              physicalLocation: {
                artifactLocation: { uri: encodeURI(place.file), uriBaseId: '%SRCROOT%' },
                ...(place.line === undefined ? {} : { region: region(place.line, place.column) }),
              },
            },
          ],
  };
}

function region(startLine: number, startColumn: number | undefined): Record<string, number> {
  return { startLine, ...(startColumn === undefined ? {} : { startColumn }) };
}
