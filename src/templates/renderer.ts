/** Renders templates. */
import { type Place, ProblemsError } from '../problems.ts';
import { compileTemplate } from './compiler.ts';
import { explain, RenderEnvironment, type Source } from './environment.ts';
import { readMarks } from './line-map.ts';
import type { TemplateLoader } from './loader.ts';

export interface Rendered {
  readonly text: string;
  /** Template line, from 1, of each line of the text; of included text, the line of the include. */
  readonly lines: readonly number[];
}

/** What templates can call. An error that it throws is reported with the line of the call. */
export type TemplateFunction = (...args: readonly unknown[]) => unknown;

/**
 * @param path repository path of the template, in one of the folders
 * @param variables plain data
 * @throws ProblemsError with file, line and, where known, column
 */
export type Render = (
  path: string,
  variables: Readonly<Record<string, unknown>>,
  functions?: Readonly<Record<string, TemplateFunction>>,
) => Rendered;

export interface RendererOptions {
  /** Repository folders that templates may include from, in the order they are searched. */
  readonly folders: readonly string[];
}

export function createRenderer(loader: TemplateLoader, { folders }: RendererOptions): Render {
  const cache = new Map<string, object>();
  const source: Source = {
    loader,
    folders,
    compiled: (path, marked) => {
      const key = `${marked ? 'marked' : 'plain'} ${path}`;
      const known = cache.get(key);
      if (known !== undefined) return known;
      const text = loader.read(path);
      if (text === undefined) return undefined;
      const compiled = compileOrFail(text, path, marked);
      cache.set(key, compiled);
      return compiled;
    },
  };
  return (path, variables, functions = {}) => {
    const environment = new RenderEnvironment(source, [...Object.keys(variables), ...Object.keys(functions)]);
    for (const [name, body] of Object.entries(functions)) environment.addGlobal(name, body);
    return readMarks(renderMarked(environment, path, variables));
  };
}

function renderMarked(environment: RenderEnvironment, path: string, variables: object): string {
  const place = { file: path, line: 1 };
  let text = '';
  try {
    const template = environment.load(path, place, { marked: true });
    if (template === undefined)
      throw new ProblemsError([{ message: 'this template does not exist', hint: 'create it', place }]);
    text = template.render(variables);
  } catch (error) {
    if (environment.problems.length === 0) throw toProblems(error, place);
  }
  if (environment.problems.length > 0) throw new ProblemsError(environment.problems);
  return text;
}

/** Jinja2 drops one line feed at the end of each template, and knows no carriage returns. */
function compileOrFail(written: string, path: string, marked: boolean): object {
  const text = written.replace(/\r\n?/g, '\n').replace(/\n$/, '');
  try {
    return compileTemplate(text, path, marked);
  } catch (error) {
    const known = error as { readonly lineno?: number; readonly colno?: number };
    // Without a line, the end of the text came too early.
    const line = known.lineno ?? text.split('\n').length;
    throw toProblems(error, { file: path, line, ...(known.colno === undefined ? {} : { column: known.colno }) });
  }
}

function toProblems(error: unknown, place: Place): ProblemsError {
  return error instanceof ProblemsError ? error : new ProblemsError([{ ...explain(error), place, cause: error }]);
}
