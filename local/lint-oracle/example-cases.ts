/** The examples of every rule: broken, put right, and broken with a comment that leaves it out. */
import { dockerRules } from '../../src/dockerfile/rules/docker/index.ts';
import { hadolintRules } from '../../src/dockerfile/rules/hadolint/index.ts';
import type { Rule, RuleOptions } from '../../src/dockerfile/rules/rule.ts';
import { canonicalReference } from '../../src/images/reference.ts';
import type { Case } from './case.ts';
import { judge } from './ours.ts';

export const exampleCases: readonly Case[] = [...dockerRules, ...hadolintRules].flatMap((rule) => {
  const { id, bad, good } = rule;
  return [
    caseOf(rule, `example of ${id}, broken`, bad),
    caseOf(rule, `example of ${id}, put right`, good),
    caseOf(rule, `example of ${id}, ignored`, ignored(rule)),
  ];
});

function caseOf({ id, example = {} }: Rule, name: string, dockerfile: string): Case {
  const { files = {}, bases = {}, buildArgs, options } = example;
  const ignore = files['.dockerignore'];
  return {
    name,
    dockerfile,
    ...(ignore === undefined ? {} : { dockerignore: `${ignore}\n` }),
    ...(buildArgs === undefined ? {} : { buildArgs }),
    bases: Object.fromEntries(Object.entries(bases).map(([key, value]) => [canonicalReference(key), value])),
    ...configuration(id, options),
  };
}

/** hadolint runs once for all cases that need none. */
function configuration(id: string, options: Partial<RuleOptions> = {}): Pick<Case, 'hadolint'> {
  const { trustedRegistries, labels, strictLabels } = options;
  const asked = {
    // hadolint ignores these by default.
    ...(/^DL(?:1001|3057)$/.test(id) ? { override: { warning: [id] } } : {}),
    ...(trustedRegistries === undefined ? {} : { trustedRegistries }),
    ...(labels === undefined ? {} : { 'label-schema': labels }),
    ...(strictLabels === undefined ? {} : { 'strict-labels': strictLabels }),
  };
  return Object.keys(asked).length === 0 ? {} : { hadolint: JSON.stringify(asked) };
}

/** The comment stands above the first line that the rule finds; a check is skipped for the file. */
function ignored(rule: Rule): string {
  const { id, bad, example } = rule;
  if (!id.startsWith('DL')) return bad.startsWith('# check=') ? bad : `# check=skip=${id}\n${bad}`;
  const { buildArgs = {}, options = {} } = example ?? {};
  const { findings } = judge({ name: id, dockerfile: bad, buildArgs, options }, { [id]: 'warning', parse: 'off' });
  const line = findings.find((finding) => finding.rule === id)?.line ?? 1;
  const lines = bad.split('\n');
  return [...lines.slice(0, line - 1), `# hadolint ignore=${id}`, ...lines.slice(line - 1)].join('\n');
}
