/** A nunjucks environment of one rendering: its templates come from given folders only, and it collects problems. */
import { posix } from 'node:path';
import environmentModule, { type Callback, type Template as TemplateType } from 'nunjucks/src/environment.js';
import { closest } from '../documents/suggestion.ts';
import { type Place, type Problem, ProblemsError } from '../problems.ts';
import type { CodeHost } from './compiler.ts';
import type { TemplateLoader } from './loader.ts';
import { methodOf } from './methods.ts';

const { Environment, Template } = environmentModule;

/** Stands for what is undefined and was reported: it renders as nothing, so that one run finds all that is missing. */
const missing: object = Object.freeze(Object.assign(Object.create(null), { toString: () => '' }));

export interface Source {
  readonly loader: TemplateLoader;
  /** Folders to include from, in the order they are searched. */
  readonly folders: readonly string[];
  compiled(path: string, marked: boolean): object | undefined;
}

/** Thrown where rendering can't go on; the problem is among the environment's. */
export class Stop extends Error {}

export class RenderEnvironment extends Environment implements CodeHost {
  readonly problems: Problem[] = [];
  private readonly source: Source;
  private readonly names: readonly string[];

  constructor(source: Source, names: readonly string[]) {
    // `dev` keeps the causes of errors.
    super([], { autoescape: false, throwOnUndefined: true, dev: true });
    this.source = source;
    this.names = [...names, ...Object.keys(this.globals)];
  }

  /** @param place where the template is asked for; it has to be in one of the folders */
  load(path: string, place: Place, { marked = false, eager = false } = {}): TemplateType | undefined {
    const real = this.source.loader.real === undefined ? path : this.source.loader.real(path);
    if (real === undefined || !this.isInside(real))
      this.stop({
        message: `'${path}' is outside of the folders that templates may include from`,
        hint: `move it to one of ${this.source.folders.join(', ')}, or name its folder under 'templates' in images.yaml`,
        place,
      });
    const compiled = this.source.compiled(path, marked);
    return compiled === undefined ? undefined : new Template({ type: 'code', obj: compiled }, this, path, eager);
  }

  /** Called by compiled templates for include, import and extends; `parent` is `[path, line, column]` as JSON. */
  override getTemplate(
    name: unknown,
    eager = false,
    parent = '[]',
    ignoreMissing = false,
    callback?: Callback<TemplateType>,
  ): TemplateType | undefined {
    const [file = '', line = 1, column = 1]: [string?, number?, number?] = JSON.parse(parent);
    const place = { file, line, column };
    if (typeof name !== 'string') this.stop({ message: 'the name of a template has to be text', place });
    const paths = this.candidates(name, file);
    if (paths.length === 0)
      this.stop({
        message: `'${name}' is outside of the folders that templates may include from`,
        hint: `they are ${this.source.folders.join(', ')}; name further ones under 'templates' in images.yaml`,
        place,
      });
    const found = paths.find((path) => this.source.loader.read(path) !== undefined);
    if (found === undefined && !ignoreMissing)
      this.stop({ message: `template '${name}' does not exist`, hint: `looked for ${paths.join(', ')}`, place });
    const empty = { root: (...args: readonly unknown[]) => (args[4] as Callback<string>)(null, '') };
    const template =
      found === undefined
        ? new Template({ type: 'code', obj: empty }, this, name, eager)
        : this.load(found, place, { eager });
    callback?.(null, template);
    return template;
  }

  undefinedName(name: string, value: unknown, path: string, line: number, column: number): unknown {
    if (value === null) return null;
    const near = closest(name, this.names);
    return this.report({
      message: `'${name}' is undefined`,
      hint: near === undefined ? "set it under 'vars' in images.yaml" : `did you mean '${near}'?`,
      place: { file: path, line, column },
    });
  }

  member(target: unknown, key: unknown, path: string, line: number, column: number, lenient: boolean): unknown {
    if (target === missing) return missing;
    const value = ownMember(target, key);
    if (value !== undefined || lenient) return value;
    const known = typeof target === 'object' && target !== null && !Array.isArray(target) ? Object.keys(target) : [];
    return this.report({
      message: `there is no '${String(key)}' in this value`,
      ...(known.length === 0 ? {} : { hint: `there is ${known.join(', ')}` }),
      place: { file: path, line, column },
    });
  }

  failed(error: unknown, path: string, line: number, column: number): unknown {
    // What comes after the first problem may only follow from it.
    if (this.problems.length > 0) return error;
    const known = error as { readonly lineno?: number; readonly colno?: number };
    const place = { file: path, line: known.lineno ?? line + 1, column: known.colno ?? column + 1 };
    if (error instanceof ProblemsError) this.problems.push(...error.problems.map((problem) => ({ place, ...problem })));
    else this.problems.push({ ...explain(error), place, cause: error });
    return error;
  }

  private report(problem: Problem): unknown {
    const { file, line, column } = problem.place ?? {};
    const same = this.problems.some(
      ({ place }) => place?.file === file && place?.line === line && place?.column === column,
    );
    if (!same) this.problems.push(problem);
    return missing;
  }

  private stop(problem: Problem): never {
    this.problems.push(problem);
    throw new Stop(problem.message);
  }

  private candidates(name: string, parent: string): string[] {
    const paths = /^\.\.?\//.test(name)
      ? [posix.join(posix.dirname(parent), name)]
      : [...this.source.folders.map((folder) => posix.join(folder, name)), posix.normalize(name)];
    return [...new Set(paths)].filter((path) => this.isInside(path));
  }

  private isInside(path: string): boolean {
    return (
      !path.startsWith('/') &&
      path.split('/')[0] !== '..' &&
      this.source.folders.some((folder) => folder === '.' || path.startsWith(`${folder}/`))
    );
  }
}

/** Own members only: nothing of JavaScript's prototypes is in reach of a template. */
function ownMember(target: unknown, key: unknown): unknown {
  if (target === undefined || target === null) return undefined;
  if ((Array.isArray(target) || typeof target === 'string') && typeof key === 'number') return target.at(key);
  const name = String(key);
  const holder: unknown = typeof target === 'object' || typeof target === 'function' ? target : Object(target);
  const own = Object.getOwnPropertyDescriptor(holder, name);
  if (own !== undefined && typeof target !== 'function') return own.value;
  return methodOf(target, name);
}

/** What nunjucks and functions say, in words for the person who wrote the template. */
export function explain(error: unknown): Pick<Problem, 'message' | 'hint'> {
  const message = error instanceof Error ? error.message : String(error);
  if (/call stack/i.test(message))
    return { message: 'the templates include each other without end', hint: 'remove one of the includes' };
  if (/attempted to output null or undefined/.test(message))
    return { message: 'this expression has no value', hint: "give it one, e.g. with the filter default('…')" };
  return { message: message.trim().replace(/\.$/, '') };
}
