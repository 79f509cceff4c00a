/** `self` and `super()`: `TemplateReference` and `BlockReference` of jinja2/runtime.py (3.1). */
import { type Callable, type Evaluation, Markup, PythonObject, raise, type Value } from '../python/index.ts';
import type { Context } from './context.ts';
import type { BlockFunction } from './template.ts';

export class TemplateReference extends PythonObject {
  readonly typeName = 'TemplateReference';
  private readonly context: Context;

  constructor(context: Context) {
    super();
    this.context = context;
  }

  override attribute(name: string): Value | undefined {
    const blocks = this.context.blocks.get(name);
    return blocks === undefined ? undefined : new BlockReference(name, this.context, blocks, 0);
  }

  override item(key: Value): Value | undefined {
    return typeof key === 'string' ? this.attribute(key) : undefined;
  }

  override repr(): string {
    const { rendering } = this.context.evaluation;
    return `<TemplateReference '${rendering.finder.nameOf(this.context.template.path)}'>`;
  }
}

class BlockReference extends PythonObject implements Callable {
  readonly typeName = 'BlockReference';
  readonly name: string;
  private readonly context: Context;
  private readonly stack: readonly BlockFunction[];
  private readonly depth: number;

  constructor(name: string, context: Context, stack: readonly BlockFunction[], depth: number) {
    super();
    this.name = name;
    this.context = context;
    this.stack = stack;
    this.depth = depth;
  }

  override call(args: readonly Value[], kwargs: ReadonlyMap<string, Value>): Value {
    const block = this.stack[this.depth];
    if (args.length + kwargs.size > 0 || block === undefined) return raise(`block '${this.name}' takes no arguments`);
    const { rendering, autoescape } = this.context.evaluation;
    const text = rendering.nested('called', () => block(this.context));
    return autoescape ? new Markup(text) : text;
  }

  override attribute(name: string, evaluation: Evaluation): Value | undefined {
    if (name === 'name') return this.name;
    if (name !== 'super') return undefined;
    if (this.depth + 1 < this.stack.length)
      return new BlockReference(this.name, this.context, this.stack, this.depth + 1);
    return evaluation.undefinedOf(`there is no parent block '${this.name}'`, 'super');
  }

  override repr(): string {
    return raise(`'${this.name}' is a block, which can't be printed`, `call it: self.${this.name}()`);
  }
}

/** What `super` means in a block. */
export function superBlock(context: Context, name: string, current: BlockFunction): Value {
  const blocks = context.blocks.get(name) ?? [];
  const index = blocks.indexOf(current) + 1;
  return index > 0 && index < blocks.length
    ? new BlockReference(name, context, blocks, index)
    : context.evaluation.undefinedOf(`there is no parent block '${name}'`, 'super');
}
