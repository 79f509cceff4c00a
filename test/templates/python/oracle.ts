/** Python's own answers, to compare with. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { filters } from '../../../src/templates/filters/index.ts';
import {
  Dict,
  type Evaluation,
  Float,
  fromData,
  LimitError,
  listOf,
  Markup,
  PythonIterator,
  Range,
  repr,
  TemplateError,
  Tuple,
  Undefined,
  type UndefinedMode,
  type Value,
} from '../../../src/templates/python/index.ts';
import { tests } from '../../../src/templates/tests/index.ts';

/** The limits of the tests: generous, but there. */
export function evaluationOf(undefinedMode: UndefinedMode = 'strict', autoescape = false): Evaluation {
  return {
    undefined: undefinedMode,
    autoescape,
    limits: {
      maxRange: 100_000,
      grow: (size) => {
        if (size > 1_000_000) throw new LimitError('too large');
      },
      tick: () => {},
    },
    undefinedOf: (message, name, known) => new Undefined(undefinedMode, message, name, known),
    filter: (name) => filters.get(name),
    test: (name) => tests.get(name),
  };
}

export const strict = new Undefined('strict', "'missing' is undefined", 'missing');
export const lenient = new Undefined('lenient', "'missing' is undefined", 'missing');

export const float = (value: number) => new Float(value);
export const tuple = (...items: Value[]) => new Tuple(items);
export const dict = (...entries: [Value, Value][]) => Dict.of(entries);
export const markup = (text: string) => new Markup(text);
export const range = (start: number, stop: number, step = 1) => new Range(start, stop, step);
export const data = (value: unknown) => fromData(value);

/** One thing to compare: an expression in Python, and what should give the same. */
export interface Case {
  readonly python: string;
  ours(): Value;
}

const evaluation = evaluationOf();

/** A value as Python's source code. */
export function source(value: Value): string {
  if (value instanceof Undefined) return value.mode;
  return repr(value, evaluation).replaceAll(/\bUndefined\b/g, 'strict');
}

/** A copy that can be changed without changing the value. */
export function copy(value: Value): Value {
  if (Array.isArray(value)) return value.map(copy);
  if (value instanceof Dict) return Dict.of(Array.from(value.entries(), ([key, item]) => [key, copy(item)] as const));
  return value instanceof Tuple && value.typeName === 'tuple' ? new Tuple(value.items.map(copy)) : value;
}

/** Iterators as lists, as the oracle answers them. */
export function listed(value: Value): Value {
  return value instanceof PythonIterator ? listOf(value, evaluation).map(listed) : value;
}

function ourAnswer(each: Case): string | null {
  try {
    return repr(listed(each.ours()), evaluation);
  } catch (error) {
    if (error instanceof TemplateError) return null;
    throw new Error(`for ${each.python}`, { cause: error });
  }
}

const python = ['/usr/bin/python3', 'python3'].find(
  (command) => spawnSync(command, ['-W', 'ignore', '-c', 'import jinja2']).status === 0,
);
const required = process.env.IMAGE_CASCADE_REQUIRE_TOOLS !== undefined;

/** Python's answers to expressions, in their order; `null` for an error. */
function ask(expressions: readonly string[]): (string | null)[] {
  const script = fileURLToPath(new URL('oracle.py', import.meta.url));
  const input = JSON.stringify(expressions);
  const run = spawnSync(python ?? 'python3', ['-W', 'ignore', script], { input, maxBuffer: 1 << 30 });
  if (run.status !== 0) throw new Error(`Python with Jinja2 failed: ${run.stderr}`);
  return JSON.parse(run.stdout.toString());
}

/** Cases with other answers than Python's, as readable lines: the first of them. */
function differences(cases: readonly Case[], answers: ReadonlyMap<Case, string | null>): string[] {
  const different = cases.flatMap((each) => {
    const expected = answers.get(each) ?? null;
    const given = ourAnswer(each);
    return given === expected ? [] : [`${each.python} → Python: ${expected ?? 'error'}, here: ${given ?? 'error'}`];
  });
  return different.slice(0, 25);
}

/** A test of each group of cases, answered by one process of Python; skipped where its jinja2 is not installed. */
export function compareWithPython(title: string, groups: Readonly<Record<string, readonly Case[]>>): void {
  const all = Object.values(groups).flat();
  const answers = new Map<Case, string | null>();
  (python === undefined && !required ? describe.skip : describe)(title, () => {
    beforeAll(() => {
      const given = ask(all.map((each) => each.python));
      for (const [index, each] of all.entries()) answers.set(each, given[index] ?? null);
    });

    it.each(Object.entries(groups).map(([name, cases]) => ({ name, cases })))('$name', ({ cases }) => {
      expect(cases.length).toBeGreaterThan(0);
      expect(differences(cases, answers)).toEqual([]);
    });
  });
}

export { evaluation };
