/** The words of an `ARG`. */
import type { Argument, Instruction } from './types.ts';

/** The names and defaults of an `ARG`. */
export function argumentsOf(instruction: Instruction): readonly Argument[] {
  return instruction.words.map(({ text, line, column }) => {
    const equals = text.indexOf('=');
    if (equals < 0) return { name: text, line, column };
    return { name: text.slice(0, equals), value: text.slice(equals + 1), line, column };
  });
}
