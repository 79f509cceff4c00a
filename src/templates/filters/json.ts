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
  Markup,
  raise,
  repeatText,
  sortedBy,
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
  return new Writer(indent, evaluation).write(value);
}

/** Holds what is being written, from the outermost on, so that a value inside of itself is found. */
class Writer {
  private readonly indent: string | undefined;
  private readonly evaluation: Evaluation;
  private readonly open = new Set<Value>();

  constructor(indent: string | undefined, evaluation: Evaluation) {
    this.indent = indent;
    this.evaluation = evaluation;
  }

  write(value: Value): string {
    this.evaluation.limits.tick();
    if (typeof value === 'string') return quoteJson(value);
    if (value === null) return 'null';
    if (typeof value === 'boolean') return String(value);
    if (isInt(value)) return intText(toInt(value));
    if (Array.isArray(value)) return this.enclose(value, '[', ']', () => value.map((item) => this.write(item)));
    if (value instanceof Dict) return this.enclose(value, '{', '}', () => this.entries(value));
    if (value instanceof Tuple) return this.enclose(value, '[', ']', () => value.items.map((item) => this.write(item)));
    if (value instanceof Float) return numberText(value.value);
    if (value instanceof Markup) return quoteJson(value.text);
    if (value instanceof Undefined) value.fail();
    return raise(`${describe(value)} can't be written as JSON`, 'make a list of it first with the filter list');
  }

  private entries(dict: Dict): string[] {
    const entries = dict.entries();
    const keys = entries.map(([key]) => key);
    return sortedBy(entries, keys, false, this.evaluation).map(
      ([key, value]) => `${quoteJson(keyText(key, this.evaluation))}: ${this.write(value)}`,
    );
  }

  private enclose(value: Value, start: string, end: string, write: () => readonly string[]): string {
    if (this.open.has(value)) raise(`${describe(value)} that holds itself can't be written as JSON`);
    this.open.add(value);
    const parts = write();
    this.open.delete(value);
    if (parts.length === 0) return start + end;
    const { indent, open, evaluation } = this;
    const outer = indent === undefined ? '' : `\n${repeatText(indent, open.size, evaluation)}`;
    const inner = outer + (indent ?? '');
    const text = start + inner + parts.join(indent === undefined ? ', ' : `,${inner}`) + outer + end;
    evaluation.limits.grow(text.length);
    return text;
  }
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return floatText(value);
  return Number.isNaN(value) ? 'NaN' : value < 0 ? '-Infinity' : 'Infinity';
}

/** Everything but printable ASCII is escaped. */
function quoteJson(text: string): string {
  if (/^[ !#-[\]-~]*$/.test(text)) return `"${text}"`;
  const escapeUnit = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(text).replace(/[^ -~]/g, escapeUnit);
}

function keyText(key: Value, evaluation: Evaluation): string {
  if (isText(key)) return textOf(key);
  if (key === null || typeof key === 'boolean') return String(key);
  if (key instanceof Float) return numberText(key.value);
  return isInt(key) ? str(key, evaluation) : raise(`${describe(key)} can't be a key in JSON`);
}
