/** Templates of one repository: each file is read once and compiled once, however many images use it. */
import type { Problem } from '../problems.ts';
import { ProblemsError } from '../problems.ts';
import type { Variant } from './compile/code.ts';
import { compileToCode } from './compile/compiler.ts';
import { filters as builtInFilters } from './filters/index.ts';
import type { TemplateLoader } from './loader.ts';
import type { Filter } from './python/index.ts';
import { operations } from './runtime/operations.ts';
import type { TemplateSource } from './runtime/rendering.ts';
import { excerpt } from './runtime/report.ts';
import type { Template } from './runtime/template.ts';
import { normalise, type SyntaxOptions } from './syntax/lexer.ts';
import { SyntaxProblem } from './syntax/problem.ts';
import { tests } from './tests/index.ts';

/** @param filters further ones, which may replace Jinja2's */
export function openStore(
  loader: TemplateLoader,
  syntax: SyntaxOptions = {},
  filters: Readonly<Record<string, Filter>> = {},
): TemplateSource {
  const texts = new Map<string, string | undefined>();
  const reals = new Map<string, string | undefined>();
  const templates = new Map<string, Template | ProblemsError>();
  const allFilters = new Map([...builtInFilters, ...Object.entries(filters)]);
  const known = { filters: new Set(allFilters.keys()), tests: new Set(tests.keys()) };
  const names = Object.keys(operations);
  const values = Object.values(operations);

  const text = (path: string): string | undefined => once(texts, path, () => loader.read(path));
  const compile = (written: string, path: string, variant: Variant): Template | ProblemsError => {
    try {
      const code = compileToCode(written, path, variant, syntax, known);
      const make = new Function(...names, 'filters', 'tests', 'PATH', code);
      return { path, ...make(...values, allFilters, tests, path) };
    } catch (error) {
      if (!(error instanceof SyntaxProblem)) throw error;
      return new ProblemsError([problemOf(error, path, normalise(written, syntax))]);
    }
  };
  return {
    text,
    real: (path) => once(reals, path, () => (loader.real === undefined ? path : loader.real(path))),
    compiled: (path, variant) => {
      const written = text(path);
      if (written === undefined) return undefined;
      const template = once(templates, `${variant} ${path}`, () => compile(written, path, variant));
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

function problemOf({ message, hint, lineno, colno }: SyntaxProblem, path: string, text: string): Problem {
  const place = { file: path, line: lineno + 1, column: colno + 1 };
  return { message, ...(hint === undefined ? {} : { hint }), place, details: excerpt(text, place) };
}
