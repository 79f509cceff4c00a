/** Findings as hadolint makes them: at the instruction, one for each that breaks the rule. */
import { type Program, type Script, scriptsOf } from '../../scripts.ts';
import type { Position } from '../../source.ts';
import type { RuleContext, RuleFinding } from '../rule.ts';

export function at({ line, column }: Position, message: string, hint?: string): RuleFinding {
  return { line, column, message, ...(hint === undefined ? {} : { hint }) };
}

/** A finding for each `RUN` that the test is true of. */
export function scriptsThat(
  { dockerfile }: RuleContext,
  test: (script: Script) => boolean,
  message: string,
  hint?: string,
): readonly RuleFinding[] {
  return scriptsOf(dockerfile)
    .filter(test)
    .map(({ outer }) => at(outer, message, hint));
}

/** A finding for each `RUN` that calls a program which the test is true of. */
export function callsThat(
  context: RuleContext,
  test: (program: Program) => boolean,
  message: string,
  hint?: string,
): readonly RuleFinding[] {
  return scriptsThat(context, ({ programs }) => programs.some(test), message, hint);
}
