/** One rendering of a template, with all that it includes, imports and extends. */
import { posix } from 'node:path';
import type { Place } from '../../problems.ts';
import type { Variant } from '../compile/code.ts';
import {
  type Filter,
  iterate,
  raise,
  TemplateError,
  type Test,
  Undefined,
  type UndefinedMode,
  type Value,
} from '../python/index.ts';
import { Context, Layer, type Locals, type Names } from './context.ts';
import { originOf, TemplateEvaluation } from './evaluation.ts';
import { type LimitOptions, RenderLimits } from './limits.ts';
import { TemplateModule, TemplateValue } from './module.ts';
import { Report, type Step } from './report.ts';
import type { Template } from './template.ts';
import { Trace } from './trace.ts';

/** Where compiled templates come from. */
export interface TemplateSource {
  /** A file's text; `undefined` where there is none. */
  text(path: string): string | undefined;
  /** The path that a file really has; `undefined` outside of the repository. */
  real(path: string): string | undefined;
  /** @throws ProblemsError where the file is no template */
  compiled(path: string, variant: Variant): Template | undefined;
  /**
   * Makes one template of several that extend the same.
   * @returns what it is named here
   */
  joined(paths: readonly string[]): string;
  /** The place in the file that a text was written in. */
  original<P extends Place>(place: P): P;
  readonly filters: ReadonlyMap<string, Filter>;
  readonly tests: ReadonlyMap<string, Test>;
}

export interface RenderingOptions {
  /** Folders to include from, in the order they are searched. */
  readonly folders: readonly string[];
  readonly undefined: UndefinedMode;
  readonly limits: LimitOptions;
  /** What every template sees, also one that is imported without context. */
  readonly globals: Names;
}

/** Thrown where a template is not there. */
export class TemplateMissing extends TemplateError {}

export class Rendering {
  readonly limits: RenderLimits;
  readonly undefined: UndefinedMode;
  readonly filters: ReadonlyMap<string, Filter>;
  readonly tests: ReadonlyMap<string, Test>;
  globals: Names;
  /** Only in checked renderings. */
  readonly report: Report | undefined;
  /** Only in mapped renderings. */
  readonly trace: Trace | undefined;
  private readonly source: TemplateSource;
  private readonly folders: readonly string[];
  private readonly variant: Variant;
  private readonly modules = new Map<string, TemplateModule>();

  constructor(
    source: TemplateSource,
    { folders, undefined: mode, limits, globals }: RenderingOptions,
    path: string,
    variant: Variant,
  ) {
    this.source = source;
    this.folders = folders;
    this.undefined = mode;
    this.limits = new RenderLimits(limits);
    this.filters = source.filters;
    this.tests = source.tests;
    this.globals = globals;
    this.variant = variant;
    this.report = variant === 'checked' ? new Report(path, source, originOf) : undefined;
    this.trace = variant === 'mapped' ? new Trace() : undefined;
  }

  /** @throws ProblemsError, and TemplateError where the path is not allowed or there is no such file */
  load(path: string): Template {
    this.refuseOutside(path, path);
    return this.source.compiled(path, this.variant) ?? missing(path, [path]);
  }

  /**
   * @param macros paths of templates whose names are seen everywhere
   * @param override paths of templates to render instead, which extend this one
   */
  render(
    path: string,
    variables: (below: Names) => Names,
    macros: readonly string[],
    override: readonly string[],
  ): string {
    for (const file of macros) {
      const template = this.source.compiled(file, this.variant) ?? missing(file, [file]);
      const module = this.runModule(template, variables(this.globals), 'imported');
      this.globals = new Layer(module.exported, this.globals);
    }
    const template = this.load(path);
    let context = this.newContext(template, variables(this.globals));
    if (override.length > 0) {
      const parent = new Map([['parent_template', new TemplateValue(template)]]);
      const outer = this.source.compiled(this.source.joined(override), this.variant) ?? missing(path, override);
      context = this.newContext(outer, new Layer(parent, context.parent));
    }
    const text = context.template.root(context);
    this.limits.checkOutput(text.length);
    return text;
  }

  newContext(template: Template, names: Names): Context {
    return new Context(template, names, new TemplateEvaluation(this));
  }

  /** Runs what may lead to itself. */
  nested<T>(step: Step, body: () => T): T {
    const { report } = this;
    return this.limits.nested(report === undefined ? body : () => report.within(step, body));
  }

  /**
   * The template that a tag asks for.
   * @param wanted a name, or several of which the first that is there is taken
   * @param parent path of the template that asks
   */
  private find(wanted: Value, parent: string, step: Step): Template {
    const { report } = this;
    const find = () => this.findUnreported(wanted, parent);
    return report === undefined ? find() : report.reading(step, find);
  }

  private findUnreported(wanted: Value, parent: string): Template {
    if (wanted instanceof TemplateValue) return wanted.template;
    const names = typeof wanted === 'string' ? [wanted] : namesOf(wanted);
    const tried: string[] = [];
    for (const name of names) {
      const paths = this.candidates(name, parent);
      const found = paths.find((path) => this.source.text(path) !== undefined);
      if (found !== undefined) {
        this.refuseOutside(found, name);
        return this.source.compiled(found, this.variant) ?? missing(name, paths);
      }
      tried.push(...paths);
      if (paths.length === 0 && names.length === 1) this.refuse(name);
    }
    return missing(names.join("' or '"), tried);
  }

  /** As `find`, where a list of names is not possible. */
  private findOne(wanted: Value, parent: string, step: Step): Template {
    if (wanted instanceof Undefined) wanted.fail();
    if (typeof wanted === 'string' || wanted instanceof TemplateValue) return this.find(wanted, parent, step);
    return raise('the name of a template is a text');
  }

  /** A template's path from the folder that it is found in, as Jinja2 names it. */
  nameOf(path: string): string {
    const folder = this.folders.find((each) => path.startsWith(`${each}/`));
    return folder === undefined ? path : path.slice(folder.length + 1);
  }

  include(context: Context, wanted: Value, locals: Locals | null, ignoreMissing: boolean, parent: string): string {
    let template: Template;
    try {
      template = this.find(wanted, parent, 'included');
    } catch (error) {
      if (ignoreMissing && error instanceof TemplateMissing) return '';
      throw error;
    }
    if (locals === null) return this.module(template, 'included').text;
    const inner = this.newContext(template, context.snapshot(locals));
    return this.nested('included', () => template.root(inner));
  }

  importTemplate(context: Context, wanted: Value, locals: Locals | null, parent: string): TemplateModule {
    const template = this.findOne(wanted, parent, 'imported');
    if (locals === null) return this.module(template, 'imported');
    return this.runModule(template, context.snapshot(locals), 'imported');
  }

  extend(context: Context, wanted: Value, parent: string): Template {
    const template = this.findOne(wanted, parent, 'extended');
    for (const [name, block] of template.blocks) {
      const blocks = context.blocks.get(name);
      if (blocks === undefined) context.blocks.set(name, [block]);
      else blocks.push(block);
    }
    return template;
  }

  /** A template without context is run once. */
  private module(template: Template, step: Step): TemplateModule {
    const known = this.modules.get(template.path);
    if (known !== undefined) return known;
    const module = this.runModule(template, this.globals, step);
    this.modules.set(template.path, module);
    return module;
  }

  private runModule(template: Template, names: Names, step: Step): TemplateModule {
    const context = this.newContext(template, names);
    const text = this.nested(step, () => template.root(context));
    return new TemplateModule(template.path, text, context);
  }

  /** Repository paths that a name may mean. */
  private candidates(name: string, parent: string): string[] {
    const paths = [...this.folders.map((folder) => posix.join(folder, name)), posix.normalize(name)];
    if (/^\.\.?\//.test(name)) paths.unshift(posix.join(posix.dirname(parent), name));
    return [...new Set(paths)].filter((path) => this.isInside(path));
  }

  private isInside(path: string): boolean {
    return (
      !path.startsWith('/') &&
      path.split('/')[0] !== '..' &&
      this.folders.some((folder) => folder === '.' || path.startsWith(`${folder}/`))
    );
  }

  private refuseOutside(path: string, name: string): void {
    const real = this.source.real(path);
    if (real === undefined || !this.isInside(real)) this.refuse(name);
  }

  private refuse(name: string): never {
    const folders = this.folders.join(', ');
    return raise(
      `'${name}' is outside of the folders that templates may include from`,
      `they are ${folders}; name further ones under 'templates' in images.yaml`,
    );
  }
}

function namesOf(wanted: Value): string[] {
  if (wanted instanceof Undefined) return wanted.fail();
  const names: string[] = [];
  for (const name of iterate(wanted)) {
    if (name instanceof Undefined) name.fail();
    names.push(typeof name === 'string' ? name : raise('the name of a template is a text'));
  }
  if (names.length === 0) throw new TemplateMissing('there is no name in this list of templates');
  return names;
}

function missing(name: string, tried: readonly string[]): never {
  throw new TemplateMissing(`template '${name}' does not exist`, `looked for ${tried.join(', ')}`);
}
