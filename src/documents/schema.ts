/** A document against a zod schema: what is wrong, in words for the person who wrote the file. */
import * as z from 'zod/mini';
import { alternatives, type Problem, ProblemsError } from '../problems.ts';
import { type Document, documentPlace } from './document.ts';
import { closest } from './suggestion.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly (string | number)[];

/**
 * The document's value as the schema's type. Messages that a schema gives itself (`z.refine(…, 'message')`) are shown
 * as they are, with `;` before what to do; one like `is no port` goes on from the name of what is wrong.
 * @throws ProblemsError with all problems, each with line and column
 */
export function checkDocument<Schema extends z.ZodMiniType>(document: Document, schema: Schema): z.output<Schema> {
  // An empty file is a map without entries. Code that is generated for a schema pays only from the second use on.
  const result = z.safeParse(schema, document.value ?? {}, { jitless: true });
  if (result.success && document.duplicates.length === 0) return result.data;
  const issues = result.success ? [] : result.error.issues;
  const problems = issues.flatMap((issue) => problemsOfIssue(issue, [], document, schema));
  throw new ProblemsError([...document.duplicates, ...problems].sort(byPlace));
}

function byPlace(a: Problem, b: Problem): number {
  return (a.place?.line ?? 0) - (b.place?.line ?? 0) || (a.place?.column ?? 0) - (b.place?.column ?? 0);
}

function problemsOfIssue(issue: Issue, parent: Path, document: Document, schema: z.ZodMiniType): Problem[] {
  const path = [...parent, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))];
  const subject = path.length === 0 ? 'the file' : `'${path.join('.')}'`;
  const place = documentPlace(document, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => {
        const known = keysAt(schema, path);
        const meant = closest(key, known);
        const hint =
          meant === undefined ? known.length > 0 && `known are ${known.join(', ')}` : `did you mean '${meant}'?`;
        const where = path.length === 0 ? '' : ` in ${subject}`;
        return {
          message: `unknown key '${key}'${where}`,
          ...(hint === false ? {} : { hint }),
          place: documentPlace(document, [...path, key], 'key'),
        };
      });
    case 'invalid_union': {
      const best = bestAttempt(issue.errors);
      if (best === undefined) return [{ message: `${subject} is none of what may stand here`, place }];
      return best.flatMap((inner) => problemsOfIssue(inner, path, document, schema));
    }
    case 'invalid_key':
      return [
        {
          ...keyProblem(path, issue.issues[0]?.message),
          place: documentPlace(document, path, 'key'),
        },
      ];
    case 'invalid_type': {
      const value = valueAt(document.value ?? {}, path);
      if (value === undefined) {
        const name = String(path.at(-1));
        const where = path.length < 2 ? '' : ` in '${path.slice(0, -1).join('.')}'`;
        return [{ message: `'${name}' is missing${where}`, hint: `add ${name}: <${noun(issue.expected)}>`, place }];
      }
      return [
        {
          message: `${subject} is ${describe(value)}`,
          hint: `expected ${article(issue.expected)}${quotable(issue.expected, value)}`,
          place,
        },
      ];
    }
    case 'invalid_value':
      return [
        { message: `${subject} is ${describe(valueAt(document.value, path))}`, hint: oneOf(issue.values), place },
      ];
    case 'too_small':
      return [{ message: `${subject} is too small`, hint: `at least ${issue.minimum}${unit(issue.origin)}`, place }];
    case 'too_big':
      return [{ message: `${subject} is too big`, hint: `at most ${issue.maximum}${unit(issue.origin)}`, place }];
    default: {
      const [message = '', hint] = split(issue.message);
      return [{ message: `${subject}${joint(message)}${message}`, ...(hint === undefined ? {} : { hint }), place }];
    }
  }
}

/** What a union's options say of the value: of the option that it fits best, or of all when it fits none at all. */
function bestAttempt(attempts: readonly (readonly Issue[])[]): Issue[] | undefined {
  const wrongType = attempts.map((issues) =>
    issues.find(({ code, path }) => code === 'invalid_type' && path.length === 0),
  );
  const types = wrongType.filter((issue) => issue !== undefined);
  if (types.length === attempts.length) {
    const expected = types.map((issue) => (issue.code === 'invalid_type' ? article(issue.expected) : ''));
    const [first] = types;
    if (first === undefined || first.code !== 'invalid_type') return undefined;
    const merged = alternatives([...new Set(expected)]);
    return [{ ...first, expected: merged as typeof first.expected }];
  }
  const fitting = attempts.filter((_, index) => wrongType[index] === undefined);
  return [...(fitting.sort((a, b) => a.length - b.length)[0] ?? [])];
}

/** What is wrong with a key, from what its schema says of it: that it `is no …`, or only what to do. */
function keyProblem(path: Path, said = 'Invalid input'): Pick<Problem, 'message' | 'hint'> {
  const where = path.length < 2 ? '' : ` of '${path.slice(0, -1).join('.')}'`;
  const subject = `the key '${String(path.at(-1))}'${where}`;
  const [message = '', hint] = split(said);
  if (joint(message) === ' ') return { message: `${subject} ${message}`, ...(hint === undefined ? {} : { hint }) };
  return { message: `${subject} can't stand here`, ...(said === 'Invalid input' ? {} : { hint: said }) };
}

/** Between the name of what is wrong and what is said of it. */
function joint(message: string): ' ' | ': ' {
  return /^(?:is|has|does|holds|names|checks|compares) /.test(message) ? ' ' : ': ';
}

function split(message: string): string[] {
  const cut = message.indexOf('; ');
  return cut < 0 ? [message] : [message.slice(0, cut), message.slice(cut + 2)];
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (part, step) =>
      typeof part === 'object' && part !== null ? (part as Record<string, unknown>)[String(step)] : undefined,
    value,
  );
}

/** What YAML reads as a number may have been meant as text. */
function quotable(expected: string, value: unknown): string {
  return /\b(?:string|text)\b/.test(expected) && /^(?:number|boolean)$/.test(typeof value) ? ': put it in quotes' : '';
}

function describe(value: unknown): string {
  if (value === null) return 'empty';
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string') return `the text '${value.length > 60 ? `${value.slice(0, 60)}…` : value}'`;
  return `the ${typeof value} ${String(value)}`;
}

const nouns: Readonly<Record<string, string>> = {
  object: 'map',
  record: 'map',
  array: 'list',
  string: 'text',
  int: 'whole number',
  number: 'number',
  boolean: 'true or false',
};

function noun(expected: string): string {
  return nouns[expected] ?? expected;
}

function article(expected: string): string {
  const word = noun(expected);
  return word === 'true or false' || / or |^an? |^text$/.test(word) ? word : `a ${word}`;
}

function oneOf(values: readonly unknown[]): string {
  const texts = values.map((value) => (typeof value === 'string' ? `'${value}'` : String(value)));
  return texts.length === 1 ? `expected ${texts[0]}` : `expected one of ${texts.join(', ')}`;
}

function unit(origin: string): string {
  if (origin === 'array' || origin === 'set') return ' entries';
  return origin === 'string' ? ' characters' : '';
}

/** The keys that the schema knows at a path; with a union, those of all its options. */
function keysAt(schema: unknown, path: Path): string[] {
  const def = definition(schema);
  if (def === undefined) return [];
  const inner =
    def.innerType ?? (def.type === 'pipe' ? def.in : typeof def.getter === 'function' ? def.getter() : undefined);
  if (inner !== undefined) return keysAt(inner, path);
  if (Array.isArray(def.options)) return [...new Set(def.options.flatMap((option) => keysAt(option, path)))];
  const shape = def.type === 'object' ? (def.shape as Record<string, unknown>) : undefined;
  const [step, ...rest] = path;
  if (step === undefined) return Object.keys(shape ?? {});
  const next = shape === undefined ? (def.element ?? def.valueType) : shape[String(step)];
  return keysAt(next, rest);
}

function definition(schema: unknown): Record<string, unknown> | undefined {
  if (typeof schema !== 'object' || schema === null || !('_zod' in schema)) return undefined;
  const { def } = schema._zod as { def: Record<string, unknown> };
  return def;
}
