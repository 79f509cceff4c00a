/** Labels and what the label schema says of their values. */
import { type LabelFormat, matchesFormat } from '../../label-formats.ts';
import { pairsOf } from '../../scope.ts';
import type { Instruction } from '../../types.ts';
import type { RuleContext, RuleFinding } from '../rule.ts';
import { at } from './findings.ts';
import { unquoted } from './stages.ts';

/** Keys and values of a `LABEL`, without quotes; none of any other instruction. */
export function labelsOf(instruction: Instruction): readonly (readonly [string, string])[] {
  if (instruction.keyword !== 'LABEL') return [];
  return pairsOf(instruction).map(([key, value]) => [unquoted(key), unquoted(value)] as const);
}

/**
 * A finding for each label whose value is not in the format that the label schema gives it.
 * @param format `any` for labels of all formats, which must not be empty
 */
export function brokenLabels(
  { dockerfile: { stages }, options: { labels } }: RuleContext,
  format: LabelFormat | 'any',
  what: string,
): readonly RuleFinding[] {
  const instructions = stages.flatMap((stage) => stage.instructions);
  return Object.entries(labels)
    .filter(([, own]) => format === 'any' || own === format)
    .flatMap(([label]) =>
      instructions
        .filter((instruction) =>
          labelsOf(instruction).some(
            ([key, value]) => key === label && (format === 'any' ? value === '' : !matchesFormat(value, format)),
          ),
        )
        .map((instruction) => at(instruction, `the label '${label}' ${what}`)),
    );
}
