/** What two answers have to agree in. */
import type { Answer } from './oracle.ts';

/** Both have to fail, each in words of its own. */
export function same(one: Answer | undefined, other: Answer | undefined): boolean {
  return comparable(one) === comparable(other);
}

export function comparable(answer: Answer | undefined): string {
  if (answer === undefined) return 'no answer was recorded';
  return 'output' in answer ? JSON.stringify(answer.output) : 'an error';
}
