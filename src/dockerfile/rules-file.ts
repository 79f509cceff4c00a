/** `rules.yaml`: what a repository asks of its Dockerfiles, where it is not the default. */
import * as v from 'valibot';
import { checkDocument, closest, documentPlace, map, mapOf, readDocument } from '../documents/index.ts';
import { type Problem, ProblemsError, type Severity } from '../problems.ts';
import { labelFormats } from './label-formats.ts';
import { type RuleOptions, rules } from './rules/index.ts';

/** What a file says; what it does not mention is not there. */
export interface RulesFile extends Partial<Omit<RuleOptions, 'disableIgnorePragma'>> {
  /** The mildest severity that fails an image. */
  readonly failOn?: FailOn;
}

export const failOnChoices = ['error', 'warning', 'none'] as const;

export type FailOn = Severity | 'none';

export const severityChoices = ['error', 'warning', 'notice', 'off'] as const;

const names = v.array(v.string());

export const rulesFileSchema = map({
  'fail-on': v.optional(v.picklist(failOnChoices)),
  severities: v.optional(mapOf(v.string(), v.picklist(severityChoices))),
  'allowed-bases': v.optional(names),
  'allowed-versions': v.optional(names),
  'trusted-registries': v.optional(names),
  labels: v.optional(mapOf(v.string(), v.picklist(labelFormats))),
  'strict-labels': v.optional(v.boolean()),
});

/** @throws ProblemsError with every problem of the file, with line and column */
export function readRulesFile(text: string, file: string): RulesFile {
  const document = readDocument(text, file);
  const value = checkDocument(document, rulesFileSchema);
  const unknown = Object.keys(value.severities ?? {}).flatMap((id) => {
    const problem = unknownRule(id);
    return problem === undefined ? [] : [{ ...problem, place: documentPlace(document, ['severities', id], 'key') }];
  });
  if (unknown.length > 0) throw new ProblemsError(unknown);
  const { severities, labels } = value;
  return {
    ...(value['fail-on'] === undefined ? {} : { failOn: value['fail-on'] }),
    ...(severities === undefined ? {} : { severities }),
    ...(value['allowed-bases'] === undefined ? {} : { allowedBases: value['allowed-bases'] }),
    ...(value['allowed-versions'] === undefined ? {} : { allowedVersions: value['allowed-versions'] }),
    ...(value['trusted-registries'] === undefined ? {} : { trustedRegistries: value['trusted-registries'] }),
    ...(labels === undefined ? {} : { labels }),
    ...(value['strict-labels'] === undefined ? {} : { strictLabels: value['strict-labels'] }),
  };
}

/** What is wrong with a rule's name, when there is none of that name. */
export function unknownRule(id: string): Problem | undefined {
  const known = rules.map((rule) => rule.id);
  if (known.includes(id)) return undefined;
  const meant = closest(id, known);
  return {
    message: `there is no rule '${id}'`,
    hint: meant === undefined ? 'docs/rules.md has them all' : `did you mean '${meant}'?`,
  };
}
