/** The names that a template sees: `Context` of jinja2/runtime.py (3.1). */
import type { Value } from '../python/index.ts';
import type { TemplateEvaluation } from './evaluation.ts';
import type { BlockFunction, Template } from './template.ts';

/** Names from somewhere, which do not change. */
export interface Names {
  get(name: string): Value | undefined;
  /** All names, for a "did you mean". */
  all(): Iterable<string>;
}

/** Names in front of others. */
export class Layer implements Names {
  private readonly own: ReadonlyMap<string, Value>;
  private readonly below: Names;

  constructor(own: ReadonlyMap<string, Value>, below: Names) {
    this.own = own;
    this.below = below;
  }

  get(name: string): Value | undefined {
    const value = this.own.get(name);
    return value === undefined ? this.below.get(name) : value;
  }

  *all(): Iterable<string> {
    yield* this.own.keys();
    yield* this.below.all();
  }
}

const underscore = 95;

/** Variables of a scope: a name, its value, the next name and so on. What is not set is `undefined`. */
export type Locals = readonly (Value | undefined)[];

export class Context {
  readonly template: Template;
  readonly evaluation: TemplateEvaluation;
  readonly parent: Names;
  /** What is set at the top of the template. */
  readonly vars = new Map<string, Value>();
  /** Names of `vars` that were imported, which others can't import from here. */
  private imported: string[] | undefined;
  /** Made when it is asked for first. */
  private allBlocks: Map<string, BlockFunction[]> | undefined;

  constructor(
    template: Template,
    parent: Names,
    evaluation: TemplateEvaluation,
    blocks?: Map<string, BlockFunction[]>,
  ) {
    this.template = template;
    this.parent = parent;
    this.evaluation = evaluation;
    this.allBlocks = blocks;
    evaluation.context ??= this;
  }

  /** A block's functions: that of the template which is rendered, then those of the templates it extends. */
  get blocks(): Map<string, BlockFunction[]> {
    if (this.allBlocks === undefined) {
      const blocks = new Map<string, BlockFunction[]>();
      for (const [name, block] of this.template.blocks) blocks.set(name, [block]);
      this.allBlocks = blocks;
    }
    return this.allBlocks;
  }

  publish(name: string, value: Value): void {
    this.vars.set(name, value);
    if (this.imported?.includes(name) === true) this.imported = this.imported.filter((each) => each !== name);
  }

  publishImported(name: string, value: Value): void {
    this.vars.set(name, value);
    if (this.imported === undefined) this.imported = [name];
    else if (!this.imported.includes(name)) this.imported.push(name);
  }

  /** Whether others can import a name of `vars`. */
  isExported(name: string): boolean {
    return name.charCodeAt(0) !== underscore && this.imported?.includes(name) !== true;
  }

  resolve(name: string): Value | undefined {
    const value = this.vars.get(name);
    return value === undefined ? this.parent.get(name) : value;
  }

  /** All names as they are now, and the locals in front of them. */
  snapshot(locals: Locals): Names {
    const names = this.vars.size === 0 ? this.parent : new Layer(new Map(this.vars), this.parent);
    let set: Map<string, Value> | undefined;
    for (let index = 0; index < locals.length; index += 2) {
      const [name, value] = [locals[index], locals[index + 1]];
      if (value === undefined) continue;
      set ??= new Map();
      set.set(String(name), value);
    }
    return set === undefined ? names : new Layer(set, names);
  }

  /** The context of a scoped block, which sees the scope's names. */
  derived(locals: Locals): Context {
    const blocks = new Map([...this.blocks].map(([name, functions]) => [name, [...functions]]));
    return new Context(this.template, this.snapshot(locals), this.evaluation, blocks);
  }
}
