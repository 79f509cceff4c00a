/** Values as text. */
import type { Evaluation } from './evaluation.ts';
import { intText } from './integers.ts';
import type { Value } from './values.ts';

/** `str(value)`. */
export function str(value: Value, evaluation: Evaluation): string {
  // Not a switch, for which JavaScript would make the name of the type.
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'bigint') return intText(value);
  if (value === null) return 'None';
  return Array.isArray(value) ? listRepr(value, evaluation) : value.str(evaluation);
}

/** `repr(value)`. */
export function repr(value: Value, evaluation: Evaluation): string {
  if (typeof value === 'string') return quote(value);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return str(value, evaluation);
  return value.repr(evaluation);
}

function listRepr(list: readonly Value[], evaluation: Evaluation): string {
  return enclosed(list, '[...]', evaluation, () => `[${reprs(list, evaluation)}]`);
}

/** `repr()` of each value, with commas between. */
export function reprs(values: Iterable<Value>, evaluation: Evaluation): string {
  const parts: string[] = [];
  for (const value of values) {
    evaluation.limits.tick();
    parts.push(repr(value, evaluation));
  }
  return parts.join(', ');
}

/** What is being printed, so that a list inside of itself ends. */
const open = new WeakSet<object>();

/** The text of a collection, which may hold itself; where it does, `inner` is printed. */
export function enclosed(collection: object, inner: string, evaluation: Evaluation, print: () => string): string {
  if (open.has(collection)) return inner;
  open.add(collection);
  try {
    const text = print();
    evaluation.limits.grow(text.length);
    return text;
  } finally {
    open.delete(collection);
  }
}

const simple = /^[\x20-\x26\x28-\x5b\x5d-\x7e]*$/;
const named: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t', ' ': ' ' };

/** A text as Python writes it in source code. */
export function quote(text: string): string {
  if (simple.test(text)) return `'${text}'`;
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  // Loading a class of Unicode takes time, so it is written where few texts come.
  const escaped = text.replace(/[\\\p{C}\p{Z}]/gu, (character) => named[character] ?? escapeCode(character));
  return `${mark}${mark === "'" ? escaped.replaceAll("'", "\\'") : escaped}${mark}`;
}

/** `ascii(value)`: as `repr()`, with everything outside of ASCII escaped. */
export function ascii(value: Value, evaluation: Evaluation): string {
  return repr(value, evaluation).replace(/\P{ASCII}/gu, escapeCode);
}

function escapeCode(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
