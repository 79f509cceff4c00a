/** A document against a schema: what is wrong, in words for the person who wrote the file. */
import * as v from 'valibot';
import { alternatives, type Problem, ProblemsError } from '../problems.ts';
import { type Document, documentPlace } from './document.ts';
import { keysAt, schemasAt } from './schema-parts.ts';
import { closest } from './suggestion.ts';

type Schema = v.GenericSchema;
type Issue = v.BaseIssue<unknown>;
type Path = readonly (string | number)[];

/** A whole number; what is no number at all is said to be no number. */
export const integer = v.pipe(v.number(), v.integer());

/**
 * The document's value as the schema's type. Messages that a schema gives itself (`v.check(…, 'message')`) are shown
 * as they are, with `;` before what to do; one like `is no port` goes on from the name of what is wrong.
 * @throws ProblemsError with all problems, each with line and column
 */
export function checkDocument<S extends Schema>(document: Document, schema: S): v.InferOutput<S> {
  // An empty file is a map without entries.
  const value = document.value ?? {};
  const result = v.safeParse(schema, value);
  const problems = [...document.duplicates, ...builtInNames(value, [], document)];
  if (result.success && problems.length === 0) return result.output;
  for (const issue of result.success ? [] : result.issues)
    problems.push(...problemsOfIssue(issue, { document, schema, path: [], value }));
  throw new ProblemsError(problems.sort(byPlace));
}

function byPlace(a: Problem, b: Problem): number {
  return (a.place?.line ?? 0) - (b.place?.line ?? 0) || (a.place?.column ?? 0) - (b.place?.column ?? 0);
}

/** Names that every JavaScript object knows: the schema library passes them over without a word. */
function builtInNames(value: unknown, path: Path, document: Document): Problem[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => [
    ...(/^(?:__proto__|constructor|prototype)$/.test(key)
      ? [{ message: `the key '${key}' can't be used`, place: documentPlace(document, [...path, key], 'key') }]
      : []),
    ...builtInNames(part, [...path, key], document),
  ]);
}

/** A part of a document, and the schema that it should fit. */
interface Part {
  readonly document: Document;
  readonly schema: Schema;
  readonly path: Path;
  readonly value: unknown;
}

function problemsOfIssue(issue: Issue, part: Part): Problem[] {
  const { document, schema } = part;
  const steps = issue.path ?? [];
  const inner = steps.map(({ key }) => (typeof key === 'number' ? key : String(key)));
  const path = [...part.path, ...inner];
  const subject = path.length === 0 ? 'the file' : `'${path.join('.')}'`;
  const value = valueAt(part.value, inner);
  const place = documentPlace(document, path);
  const own = schemasAt(schema, inner).find(({ type }) => type === issue.type);

  if (steps.at(-1)?.origin === 'key') {
    if (issue.expected === 'never')
      return unknownKeys(valueAt(part.value, inner.slice(0, -1)), schema, path, inner, document);
    if (issue.received === 'undefined') return [missing(path, schemasAt(schema, inner)[0], place)];
    return [
      {
        ...keyProblem(path, issue.kind === 'validation' ? issue.message : undefined),
        place: documentPlace(document, path, 'key'),
      },
    ];
  }
  switch (issue.type) {
    case 'union': {
      const options = (own as { options?: readonly Schema[] } | undefined)?.options ?? [];
      const attempts = options.map((option) => ({
        schema: option,
        issues: v.safeParse(option, value).issues ?? [],
      }));
      const types = attempts.flatMap(({ issues }) => issues.filter(isWrongType).map(({ type }) => type));
      if (types.length === attempts.length)
        return [{ message: `${subject} is ${describe(value)}`, hint: expected([...new Set(types)], value), place }];
      // Of the options that it may have been meant for, the one that it fits best.
      const [best] = attempts
        .filter(({ issues }) => !issues.some(isWrongType))
        .sort((a, b) => a.issues.length - b.issues.length);
      return (best?.issues ?? []).flatMap((one) =>
        problemsOfIssue(one, { document, schema: best?.schema ?? schema, path, value }),
      );
    }
    case 'picklist':
    case 'literal':
      return [{ message: `${subject} is ${describe(value)}`, hint: oneOf(own), place }];
    case 'integer':
      return [{ message: `${subject} is ${describe(value)}`, hint: expected(['integer'], value), place }];
    case 'min_value':
    case 'min_length':
      return [{ message: `${subject} is too small`, hint: `at least ${issue.requirement}${unit(value)}`, place }];
    case 'max_value':
    case 'max_length':
      return [{ message: `${subject} is too big`, hint: `at most ${issue.requirement}${unit(value)}`, place }];
    case 'check': {
      const [message = '', hint] = split(issue.message);
      return [{ message: `${subject}${joint(message)}${message}`, ...(hint === undefined ? {} : { hint }), place }];
    }
    default:
      return [{ message: `${subject} is ${describe(value)}`, hint: expected([issue.type], value), place }];
  }
}

/** Whether an option is out of question: the value itself is of another type. */
function isWrongType({ kind, type, path }: Issue): boolean {
  return kind === 'schema' && path === undefined && type in nouns;
}

/** All keys that the schema does not know: the library names the first one only. */
function unknownKeys(parent: unknown, schema: Schema, path: Path, inner: Path, document: Document): Problem[] {
  const known = keysAt(schema, inner.slice(0, -1));
  return Object.keys(parent ?? {})
    .filter((key) => !known.includes(key))
    .map((key) => {
      const meant = closest(key, known);
      const hint = meant === undefined ? `known are ${known.join(', ')}` : `did you mean '${meant}'?`;
      return {
        message: `unknown key '${key}'${ofParent(path, 'in')}`,
        ...(known.length === 0 ? {} : { hint }),
        place: documentPlace(document, [...path.slice(0, -1), key], 'key'),
      };
    });
}

function missing(path: Path, schema: Schema | undefined, place: Problem['place']): Problem {
  const name = String(path.at(-1));
  const type = schema?.type ?? '';
  const hint = type === 'picklist' || type === 'literal' ? oneOf(schema) : `add ${name}: <${nouns[type] ?? type}>`;
  return { message: `'${name}' is missing${ofParent(path, 'in')}`, hint, ...(place === undefined ? {} : { place }) };
}

/** What is wrong with a key, from what its schema says of it: that it `is no …`, or only what to do. */
function keyProblem(path: Path, said: string | undefined): Pick<Problem, 'message' | 'hint'> {
  const subject = `the key '${String(path.at(-1))}'${ofParent(path, 'of')}`;
  const [message = '', hint] = split(said ?? '');
  if (joint(message) === ' ') return { message: `${subject} ${message}`, ...(hint === undefined ? {} : { hint }) };
  return { message: `${subject} can't stand here`, ...(said === undefined ? {} : { hint: said }) };
}

/** What a key is in, after its name; nothing for one of the file itself. */
function ofParent(path: Path, word: 'in' | 'of'): string {
  return path.length < 2 ? '' : ` ${word} '${path.slice(0, -1).join('.')}'`;
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

function describe(value: unknown): string {
  if (value === null) return 'empty';
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string') return `the text '${value.length > 60 ? `${value.slice(0, 60)}…` : value}'`;
  return `the ${typeof value} ${String(value)}`;
}

/** What a person calls the library's types. */
const nouns: Readonly<Record<string, string>> = {
  object: 'map',
  strict_object: 'map',
  loose_object: 'map',
  record: 'map',
  array: 'list',
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  null: 'nothing',
};

/** @param types of which the value should have been one */
function expected(types: readonly string[], value: unknown): string {
  const words = [...new Set(types.map((type) => nouns[type] ?? type))];
  // What YAML reads as a number may have been meant as text.
  const quotable = words.includes('text') && /^(?:number|boolean)$/.test(typeof value) ? ': put it in quotes' : '';
  return `expected ${alternatives(words.map(article))}${quotable}`;
}

function article(word: string): string {
  return /^(?:text|nothing|true or false)$/.test(word) ? word : `a ${word}`;
}

function oneOf(schema: Schema | undefined): string {
  const { options, literal } = (schema ?? {}) as { options?: readonly unknown[]; literal?: unknown };
  const texts = (options ?? [literal]).map((value) => (typeof value === 'string' ? `'${value}'` : String(value)));
  return texts.length === 1 ? `expected ${texts[0]}` : `expected one of ${texts.join(', ')}`;
}

function unit(value: unknown): string {
  if (Array.isArray(value)) return ' entries';
  return typeof value === 'string' ? ' characters' : '';
}
