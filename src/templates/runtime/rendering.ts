/** One rendering of a template, with all that it includes, imports and extends. */
import { fail, type Place } from '../../problems.ts';
import type { Variant } from '../compile/code.ts';
import { type Filter, iterate, raise, type Test, Undefined, type UndefinedMode, type Value } from '../python/index.ts';
import { Context, Layer, type Locals, type Names } from './context.ts';
import { originOf, TemplateEvaluation } from './evaluation.ts';
import { type Files, type Finder, TemplateMissing } from './finder.ts';
import { type LimitOptions, RenderLimits } from './limits.ts';
import { TemplateModule, TemplateValue } from './module.ts';
import { Report, type Step } from './report.ts';
import type { Template } from './template.ts';
import { Trace } from './trace.ts';

/** Where compiled templates come from. */
export interface TemplateSource extends Files {
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
  readonly finder: Finder;
  readonly undefined: UndefinedMode;
  readonly limits: LimitOptions;
  /** What every template sees, also one that is imported without context. */
  readonly globals: Names;
}

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
  readonly finder: Finder;
  private readonly variant: Variant;
  /** Those that were imported or included without context. */
  private modules: Map<string, TemplateModule> | undefined;

  constructor(
    source: TemplateSource,
    { finder, undefined: mode, limits, globals }: RenderingOptions,
    path: string,
    variant: Variant,
  ) {
    this.source = source;
    this.finder = finder;
    this.undefined = mode;
    this.limits = new RenderLimits(limits);
    this.filters = source.filters;
    this.tests = source.tests;
    this.globals = globals;
    this.variant = variant;
    this.report = variant === 'checked' ? new Report(path, source, originOf) : undefined;
    this.trace = variant === 'mapped' ? new Trace() : undefined;
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
      if (this.source.text(file) === undefined)
        fail('there is no such file', { hint: "create it, or correct 'macros' in images.yaml", place: { file } });
      const template = this.compiled(file);
      const module = this.runModule(template, variables(this.globals), 'imported');
      this.globals = new Layer(module.values(), this.globals);
    }
    this.finder.refuseOutside(path);
    const template = this.compiled(path);
    let context = this.newContext(template, variables(this.globals));
    if (override.length > 0) {
      const parent = new Map([['parent_template', new TemplateValue(template)]]);
      const outer = this.compiled(this.source.joined(override));
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

  /** The text of a template that another one asks for. */
  rootText(template: Template, context: Context, step: Step): string {
    if (this.report !== undefined) return this.nested(step, () => template.root(context));
    this.limits.enter();
    try {
      return template.root(context);
    } finally {
      this.limits.leave();
    }
  }

  private compiled(path: string): Template {
    const template = this.source.compiled(path, this.variant);
    if (template === undefined) throw new TemplateMissing(`template '${path}' does not exist`);
    return template;
  }

  /**
   * The template that a tag asks for.
   * @param wanted a name, or several of which the first that is there is taken
   * @param parent path of the template that asks
   */
  private find(wanted: Value, parent: string, step: Step): Template {
    if (wanted instanceof TemplateValue) return wanted.template;
    if (this.report === undefined) return this.found(wanted, parent);
    return this.report.reading(step, () => this.found(wanted, parent));
  }

  private found(wanted: Value, parent: string): Template {
    const path = typeof wanted === 'string' ? this.finder.findOne(wanted, parent) : undefined;
    return this.compiled(path ?? this.finder.find(namesOf(wanted), parent));
  }

  /** As `find`, where a list of names is not possible. */
  private findOne(wanted: Value, parent: string, step: Step): Template {
    if (wanted instanceof Undefined) wanted.fail();
    if (typeof wanted === 'string' || wanted instanceof TemplateValue) return this.find(wanted, parent, step);
    return raise('the name of a template is a text');
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
    return this.rootText(template, this.newContext(template, context.snapshot(locals)), 'included');
  }

  importTemplate(context: Context, wanted: Value, locals: Locals | null, parent: string): TemplateModule {
    const template = this.findOne(wanted, parent, 'imported');
    if (locals === null) return this.module(template, 'imported');
    return this.runModule(template, context.snapshot(locals), 'imported');
  }

  extend(context: Context, wanted: Value, parent: string): Template {
    const template = this.findOne(wanted, parent, 'extended');
    const all = context.blocks;
    for (const [name, block] of template.blocks) {
      const blocks = all.get(name);
      if (blocks === undefined) all.set(name, [block]);
      else blocks.push(block);
    }
    return template;
  }

  /** A template without context is run once. */
  private module(template: Template, step: Step): TemplateModule {
    const known = this.modules?.get(template.path);
    if (known !== undefined) return known;
    const module = this.runModule(template, this.globals, step);
    this.modules ??= new Map();
    this.modules.set(template.path, module);
    return module;
  }

  private runModule(template: Template, names: Names, step: Step): TemplateModule {
    const context = this.newContext(template, names);
    const text = this.rootText(template, context, step);
    return new TemplateModule(template.path, text, context);
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
