/** Values printed over several lines, as Python's `pprint` does it. */
import {
  compare,
  Dict,
  type Evaluation,
  repr,
  splitLines,
  TemplateError,
  Tuple,
  textLength,
  typeName,
  type Value,
  whitespace,
} from '../python/index.ts';

const lineWidth = 80;
/** Alternating words and the white space after them. */
const words = new RegExp(`[^${whitespace}]*[${whitespace}]*`, 'g');

interface Position {
  readonly indent: number;
  /** Characters that follow on the last line. */
  readonly allowance: number;
  readonly level: number;
}

export function prettyPrint(value: Value, evaluation: Evaluation): string {
  return new Printer(evaluation).format(value, { indent: 0, allowance: 0, level: 0 });
}

/** Holds what is being printed, so that a value inside of itself ends. */
class Printer {
  private readonly open = new Set<Value>();
  private readonly evaluation: Evaluation;

  constructor(evaluation: Evaluation) {
    this.evaluation = evaluation;
  }

  format(value: Value, { indent, allowance, level }: Position): string {
    this.evaluation.limits.tick();
    const line = this.line(value);
    const nested = { indent, allowance, level: level + 1 };
    if (textLength(line) <= lineWidth - indent - allowance) return line;
    if (typeof value === 'string') return this.text(value, nested, line);
    return this.within(value, line, () => {
      if (Array.isArray(value)) return `[${this.items(value, { ...nested, allowance: allowance + 1 })}]`;
      if (value instanceof Tuple) {
        const end = value.items.length === 1 ? ',)' : ')';
        return `(${this.items(value.items, { ...nested, allowance: allowance + end.length })}${end}`;
      }
      if (value instanceof Dict) return `{${this.entries(value, { ...nested, allowance: allowance + 1 })}}`;
      return line;
    });
  }

  private within(value: Value, inner: string, print: () => string): string {
    if (this.open.has(value)) return inner;
    this.open.add(value);
    try {
      const text = print();
      this.evaluation.limits.grow(text.length);
      return text;
    } finally {
      this.open.delete(value);
    }
  }

  /** The value in one line, with the keys of dicts in order. */
  private line(value: Value): string {
    if (!Array.isArray(value) && !(value instanceof Tuple) && !(value instanceof Dict))
      return repr(value, this.evaluation);
    this.evaluation.limits.tick();
    return this.within(value, `<Recursion on ${typeName(value)}>`, () => {
      if (value instanceof Dict) {
        const parts = this.sorted(value).map(([key, item]) => `${this.line(key)}: ${this.line(item)}`);
        return `{${parts.join(', ')}}`;
      }
      const parts = (Array.isArray(value) ? value : value.items).map((item) => this.line(item)).join(', ');
      if (Array.isArray(value)) return `[${parts}]`;
      return value.items.length === 1 ? `(${parts},)` : `(${parts})`;
    });
  }

  private items(items: readonly Value[], { indent, allowance, level }: Position): string {
    const last = items.length - 1;
    const inner = indent + 1;
    return items
      .map((item, index) => this.format(item, { indent: inner, allowance: index === last ? allowance : 1, level }))
      .join(`,\n${' '.repeat(inner)}`);
  }

  private entries(dict: Dict, { indent, allowance, level }: Position): string {
    const entries = this.sorted(dict);
    const last = entries.length - 1;
    const inner = indent + 1;
    return entries
      .map(([key, item], index) => {
        const name = this.line(key);
        const position = { indent: inner + textLength(name) + 2, allowance: index === last ? allowance : 1, level };
        return `${name}: ${this.format(item, position)}`;
      })
      .join(`,\n${' '.repeat(inner)}`);
  }

  /** Keys that have no order among each other are ordered by their types' names. */
  private sorted(dict: Dict): [Value, Value][] {
    const less = (left: Value, right: Value) => {
      try {
        return compare('<', left, right, this.evaluation);
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        return typeName(left) < typeName(right);
      }
    };
    return dict.entries().sort(([left], [right]) => (less(left, right) ? -1 : less(right, left) ? 1 : 0));
  }

  /** A text over several lines, as Python joins texts that are next to each other. */
  private text(text: string, { indent, allowance, level }: Position, line: string): string {
    const enclosed = level === 1;
    const inner = enclosed ? indent + 1 : indent;
    const after = enclosed ? allowance + 1 : allowance;
    const chunks = this.chunks(text, lineWidth - inner, after);
    if (chunks.length === 1) return line;
    const joined = chunks.join(`\n${' '.repeat(inner)}`);
    return enclosed ? `(${joined})` : joined;
  }

  private chunks(text: string, width: number, allowance: number): string[] {
    const chunks: string[] = [];
    const lines = splitLines(text, true);
    for (const [index, line] of lines.entries()) {
      const isLast = index === lines.length - 1;
      const whole = repr(line, this.evaluation);
      if (textLength(whole) <= width - (isLast ? allowance : 0)) chunks.push(whole);
      else chunks.push(...this.words(line, width, isLast ? allowance : 0));
    }
    return chunks;
  }

  private words(line: string, width: number, allowance: number): string[] {
    const parts = (line.match(words) ?? []).slice(0, -1);
    const chunks: string[] = [];
    let current = '';
    for (const [index, part] of parts.entries()) {
      this.evaluation.limits.tick();
      const room = width - (index === parts.length - 1 ? allowance : 0);
      if (textLength(repr(current + part, this.evaluation)) <= room) current += part;
      else {
        if (current !== '') chunks.push(repr(current, this.evaluation));
        current = part;
      }
    }
    return current === '' ? chunks : [...chunks, repr(current, this.evaluation)];
  }
}
