/** Renders templates. */
import { ProblemsError } from '../problems.ts';
import type { Variant } from './compile/code.ts';
import { globals } from './globals/index.ts';
import type { TemplateLoader } from './loader.ts';
import { fromData, NativeFunction, raise, toData, type UndefinedMode, type Value } from './python/index.ts';
import type { Names } from './runtime/context.ts';
import type { LimitOptions } from './runtime/limits.ts';
import { Rendering, type TemplateSource } from './runtime/rendering.ts';
import { excerpt, explain, RaisedError, Stop } from './runtime/report.ts';
import type { Source } from './runtime/trace.ts';
import { openStore } from './store.ts';

export interface Rendered {
  readonly text: string;
  /** Where each line of the text comes from; empty unless it was asked for. */
  readonly sources: readonly Source[];
}

/** What templates can call, with plain data. An error that it throws is reported with the place of the call. */
export type TemplateFunction = (...args: readonly unknown[]) => unknown;

export interface RenderOptions {
  /** Find out where each line comes from. */
  readonly sources?: boolean;
}

/**
 * @param path repository path of the template, in one of the folders
 * @param variables plain data
 * @throws ProblemsError with file, line and column
 */
export type Render = (
  path: string,
  variables: Readonly<Record<string, unknown>>,
  functions?: Readonly<Record<string, TemplateFunction>>,
  options?: RenderOptions,
) => Rendered;

export interface RendererOptions {
  /** Repository folders that templates may include from, in the order they are searched. */
  readonly folders: readonly string[];
  /** What the use of undefined names leads to. Default: `strict`, an error. */
  readonly undefined?: UndefinedMode;
  readonly limits?: LimitOptions;
}

/** @param templates a loader, or a store that several renderers share */
export function createRenderer(
  templates: TemplateLoader | TemplateSource,
  { folders, undefined: mode = 'strict', limits = {} }: RendererOptions,
): Render {
  const source = 'compiled' in templates ? templates : openStore(templates);
  return (path, variables, functions = {}, { sources = false } = {}) => {
    const names = namesOf(variables, functions);
    const start = (variant: Variant): Rendering =>
      new Rendering(source, { folders, undefined: mode, limits, globals: names.globals }, path, variant);
    if (source.text(path) === undefined)
      throw new ProblemsError([
        { message: 'this template does not exist', hint: 'create it', place: { file: path, line: 1 } },
      ]);
    try {
      const rendering = start(sources ? 'mapped' : 'plain');
      const text = rendering.render(path, names.variables());
      return { text, sources: rendering.trace?.sourcesOf(text) ?? [] };
    } catch (error) {
      throw new ProblemsError(problemsOf(start('checked'), path, names.variables(), error, source));
    }
  };
}

/** Renders once more, and goes on behind what fails, to find all that is wrong. */
function problemsOf(rendering: Rendering, path: string, variables: Names, error: unknown, source: TemplateSource) {
  const { report } = rendering;
  if (report === undefined) return [];
  try {
    rendering.render(path, variables);
  } catch (again) {
    try {
      report.note(again);
    } catch (stop) {
      if (!(stop instanceof Stop)) throw stop;
    }
  }
  if (report.problems.length > 0) return report.problems;
  if (error instanceof ProblemsError) return error.problems;
  const place = { file: path, line: 1 };
  return [{ ...explain(error), place, details: excerpt(source.text(path), place), cause: error }];
}

function namesOf(
  variables: Readonly<Record<string, unknown>>,
  functions: Readonly<Record<string, TemplateFunction>>,
): { globals: Names; variables: () => Names } {
  const called = new Map<string, Value>([...globals, ['raise_exception', raiseException]]);
  for (const [name, body] of Object.entries(functions)) called.set(name, wrapped(name, body));
  const all: Names = { get: (name) => called.get(name), all: () => called.keys() };
  return {
    globals: all,
    variables: () => {
      // Each rendering has values of its own, since it may change lists and dicts.
      const values = new Map<string, Value>();
      return {
        get: (name) => {
          const known = values.get(name);
          if (known !== undefined || !Object.hasOwn(variables, name)) return known ?? all.get(name);
          const value = fromData(variables[name]);
          values.set(name, value);
          return value;
        },
        *all() {
          yield* Object.keys(variables);
          yield* all.all();
        },
      };
    },
  };
}

const raiseException = new NativeFunction('raise_exception', (args, kwargs) => {
  const message = args[0] ?? kwargs.get('message');
  if (typeof message !== 'string') return raise('raise_exception needs a text that says what is wrong');
  throw new RaisedError(message);
});

function wrapped(name: string, body: TemplateFunction): Value {
  return new NativeFunction(name, (args, kwargs) => {
    if (kwargs.size > 0) raise(`${name}() takes its arguments without names`);
    return fromData(body(...args.map(toData)));
  });
}
