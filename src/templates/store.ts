/** Templates of one repository: each file is read once and compiled once, however many images use it. */
import { fail, type Place, type Problem, ProblemsError } from '../problems.ts';
import type { Variant } from './compile/code.ts';
import { compileToCode } from './compile/compiler.ts';
import { filters as builtInFilters } from './filters/index.ts';
import type { TemplateLoader } from './loader.ts';
import type { Filter } from './python/index.ts';
import { customizable } from './runtime/customizable.ts';
import { operations } from './runtime/operations.ts';
import type { TemplateSource } from './runtime/rendering.ts';
import { excerpt } from './runtime/report.ts';
import type { Template } from './runtime/template.ts';
import type { Source } from './runtime/trace.ts';
import { normalise, type SyntaxOptions } from './syntax/lexer.ts';
import { SyntaxProblem } from './syntax/problem.ts';
import { tests } from './tests/index.ts';

const operationNames = Object.keys(operations).map((name) => `$${name}`);

/** @param filters further ones, which may replace Jinja2's */
export function openStore(
  loader: TemplateLoader,
  syntax: SyntaxOptions = {},
  filters: Readonly<Record<string, Filter>> = {},
): TemplateSource {
  const texts = new Map<string, string | undefined>();
  const reals = new Map<string, string | undefined>();
  const templates: Readonly<Record<Variant, Map<string, Template | ProblemsError>>> = {
    plain: new Map(),
    mapped: new Map(),
    checked: new Map(),
  };
  const allFilters = new Map([...builtInFilters, ['customizable', customizable], ...Object.entries(filters)]);
  const known = { filters: new Set(allFilters.keys()), tests: new Set(tests.keys()) };
  /** Of texts that are put together, where each line comes from. */
  const places = new Map<string, readonly Source[]>();

  const text = (path: string): string | undefined => once(texts, path, () => loader.read(path));
  const original = <P extends Place>(place: P): P => {
    const own = places.get(place.file)?.[(place.line ?? 0) - 1];
    return own === undefined ? place : { ...place, ...own };
  };
  const compile = (written: string, path: string, variant: Variant): Template | ProblemsError => {
    try {
      const code = compileToCode(written, path, variant, syntax, known);
      const make = new Function(...operationNames, 'filters', 'tests', 'PATH', code);
      return { path, ...make(...Object.values(operations), allFilters, tests, path) };
    } catch (error) {
      if (!(error instanceof SyntaxProblem)) throw error;
      return new ProblemsError([problemOf(error, path, normalise(written, syntax), original)]);
    }
  };
  return {
    text,
    real: (path) => once(reals, path, () => (loader.real === undefined ? path : loader.real(path))),
    original,
    joined: (paths) => {
      const name = paths.join(' + ');
      const written = paths.map((path) => ({ path, text: text(path) ?? notThere(path) }));
      if (paths.length > 1 && !places.has(name)) {
        const joined = joinOverrides(written);
        texts.set(name, joined.text);
        places.set(name, joined.places);
      }
      return name;
    },
    compiled: (path, variant) => {
      let template = templates[variant].get(path);
      if (template === undefined) {
        const written = text(path);
        if (written === undefined) return undefined;
        template = compile(written, path, variant);
        templates[variant].set(path, template);
      }
      if (template instanceof ProblemsError) throw template;
      return template;
    },
    filters: allFilters,
    tests,
  };
}

function once<T>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key);
  if (found !== undefined || known.has(key)) return found as T;
  const made = make();
  known.set(key, made);
  return made;
}

interface NamedText {
  readonly path: string;
  readonly text: string;
}

/** One template of several that extend the same, as Kolla makes it: only the first one says what it extends. */
function joinOverrides([first, ...others]: readonly NamedText[]): { text: string; places: Source[] } {
  const lines: string[] = [];
  const places: Source[] = [];
  const add = ({ path, text }: NamedText, keep: (line: string) => boolean): void => {
    for (const [index, line] of text.split(/(?<=\n)/).entries()) {
      if (!keep(line)) continue;
      // What follows a file without a line feed at its end is on that line.
      if (lines.at(-1)?.endsWith('\n') !== false) places.push({ file: path, line: index + 1 });
      lines.push(line);
    }
  };
  if (first !== undefined) add(first, () => true);
  for (const other of others) add(other, (line) => !/\{%.*extends.*\n/.test(line));
  return { text: lines.join(''), places };
}

function notThere(path: string): never {
  return fail('there is no such file', { hint: "create it, or correct 'template-override'", place: { file: path } });
}

function problemOf(
  { message, hint, lineno, colno }: SyntaxProblem,
  path: string,
  text: string,
  original: (place: Place) => Place,
): Problem {
  const place = { file: path, line: lineno + 1, column: colno + 1 };
  return { message, ...(hint === undefined ? {} : { hint }), place: original(place), details: excerpt(text, place) };
}
