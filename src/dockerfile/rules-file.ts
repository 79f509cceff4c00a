/** `rules.yaml`: what a repository asks of its Dockerfiles, where it is not the default. */
import * as z from 'zod/mini';
import { checkDocument, closest, documentPlace, readDocument } from '../documents/index.ts';
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

const names = z.array(z.string());

export const rulesFileSchema = z.strictObject({
  'fail-on': z.optional(z.enum(failOnChoices)),
  severities: z.optional(z.record(z.string(), z.enum(severityChoices))),
  'allowed-bases': z.optional(names),
  'allowed-versions': z.optional(names),
  'trusted-registries': z.optional(names),
  labels: z.optional(z.record(z.string(), z.enum(labelFormats))),
  'strict-labels': z.optional(z.boolean()),
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
