/** Text that is safe in HTML. */
import type { Evaluation } from './evaluation.ts';
import { PythonObject, type Value } from './values.ts';

export class Markup extends PythonObject {
  readonly typeName = 'Markup';
  readonly text: string;

  constructor(text: string) {
    super();
    this.text = text;
  }
}

/** Escapes what is special in HTML, unless it is Markup already. */
export function escapeHtml(value: Value, evaluation: Evaluation): Markup {
  throw new Error(`not there yet: ${typeof value} ${evaluation.undefined}`);
}
