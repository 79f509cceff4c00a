/** Instructions of which only the last in a stage counts. */
import type { RuleContext, RuleFinding } from '../rule.ts';
import { at } from './findings.ts';

export function repeated({ dockerfile: { stages } }: RuleContext, keyword: string): readonly RuleFinding[] {
  return stages.flatMap(({ instructions }) => {
    const own = instructions.filter((instruction) => instruction.keyword === keyword);
    return own.slice(1).map((instruction, index) => ({
      ...at(instruction, `another ${keyword} in this stage`, 'keep the last'),
      repeats: own[index]?.line ?? instruction.line,
    }));
  });
}
