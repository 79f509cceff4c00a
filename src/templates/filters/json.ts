/** JSON as Python's `json.dumps(value, sort_keys=True)` writes it. */
import {
  Dict,
  describe,
  type Evaluation,
  Float,
  floatText,
  intText,
  isInt,
  isText,
  raise,
  repeatText,
  sortedIndexes,
  str,
  Tuple,
  textOf,
  toInt,
  Undefined,
  type Value,
} from '../python/index.ts';

/**
 * @param indent what each level is indented by; `undefined` for one line
 * @throws TemplateError for what JSON has not: something undefined, generators, functions
 */
export function toJson(value: Value, indent: string | undefined, evaluation: Evaluation): string {
  return write(value, { indent, evaluation, inside: [] });
}

interface Writing {
  readonly indent: string | undefined;
  readonly evaluation: Evaluation;
  /** What is being written, from the outermost on. */
  readonly inside: readonly Value[];
}

function write(value: Value, writing: Writing): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (isText(value)) return quoteJson(textOf(value));
  if (isInt(value)) return intText(toInt(value));
  if (value instanceof Float) return numberText(value.value);
  if (Array.isArray(value)) return writeItems(value, value, writing);
  if (value instanceof Tuple) return writeItems(value, value.items, writing);
  if (value instanceof Dict) return writeDict(value, writing);
  if (value instanceof Undefined) value.fail();
  return raise(`${describe(value)} can't be written as JSON`, 'make a list of it first with the filter list');
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return floatText(value);
  return Number.isNaN(value) ? 'NaN' : value < 0 ? '-Infinity' : 'Infinity';
}

/** Everything but printable ASCII is escaped. */
function quoteJson(text: string): string {
  const escapeUnit = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(text).replace(/[^ -~]/g, escapeUnit);
}

function inner(value: Value, writing: Writing): Writing {
  if (writing.inside.includes(value)) raise(`${describe(value)} that holds itself can't be written as JSON`);
  return { ...writing, inside: [...writing.inside, value] };
}

function enclose(
  open: string,
  parts: readonly string[],
  close: string,
  { indent, inside, evaluation }: Writing,
): string {
  if (parts.length === 0) return open + close;
  if (indent === undefined) return `${open}${parts.join(', ')}${close}`;
  const outer = `\n${repeatText(indent, inside.length - 1, evaluation)}`;
  const text = `${open}${outer}${indent}${parts.join(`,${outer}${indent}`)}${outer}${close}`;
  evaluation.limits.grow(text.length);
  return text;
}

function writeItems(list: Value, items: readonly Value[], outer: Writing): string {
  const writing = inner(list, outer);
  const parts = items.map((item) => {
    writing.evaluation.limits.tick();
    return write(item, writing);
  });
  return enclose('[', parts, ']', writing);
}

function writeDict(dict: Dict, outer: Writing): string {
  const writing = inner(dict, outer);
  const { evaluation } = writing;
  const entries = [...dict.entries()];
  const order = sortedIndexes(
    entries.map(([key]) => key),
    false,
    evaluation,
  );
  const parts = order.map((index) => {
    evaluation.limits.tick();
    const [key, value] = entries[index] ?? [null, null];
    return `${quoteJson(keyText(key, evaluation))}: ${write(value, writing)}`;
  });
  return enclose('{', parts, '}', writing);
}

function keyText(key: Value, evaluation: Evaluation): string {
  if (isText(key)) return textOf(key);
  if (key === null || typeof key === 'boolean') return String(key);
  if (key instanceof Float) return numberText(key.value);
  return isInt(key) ? str(key, evaluation) : raise(`${describe(key)} can't be a key in JSON`);
}
