/** Text that is safe in HTML: what the filters `escape` and `safe` make. */
import type { Evaluation } from './evaluation.ts';
import { PythonObject, type Value } from './object.ts';
import { quote, str } from './print.ts';

/** A kind of `str`: equal to the text, with its methods, but text that is added to it gets escaped. */
export class Markup extends PythonObject {
  readonly typeName = 'Markup';
  readonly text: string;

  constructor(text: string) {
    super();
    this.text = text;
  }

  override repr(): string {
    return `Markup(${quote(this.text)})`;
  }

  override str(): string {
    return this.text;
  }

  override truth(): boolean {
    return this.text !== '';
  }
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '>': '&gt;',
  '<': '&lt;',
  "'": '&#39;',
  '"': '&#34;',
};

export function escapeText(text: string): string {
  return text.replace(/[&<>'"]/g, (character) => entities[character] ?? character);
}

/** Escapes what is special in HTML, unless it is Markup already. */
export function escapeHtml(value: Value, evaluation: Evaluation): Markup {
  return value instanceof Markup ? value : new Markup(escapeText(str(value, evaluation)));
}
