/** What the code of templates calls. Operations get the evaluation last, which is when their place is known. */
import { Namespace } from '../globals/index.ts';
import {
  add,
  call,
  callMethod,
  compare,
  concat,
  contains,
  Dict,
  describe,
  div,
  type Evaluation,
  equal,
  escapeHtml,
  type Filter,
  Float,
  floordiv,
  getattr,
  getitem,
  ItemTaker,
  isCallable,
  iterate,
  type Kwargs,
  Markup,
  mod,
  mul,
  neg,
  noKwargs,
  pos,
  pow,
  raise,
  slice,
  str,
  sub,
  type Test,
  Tuple,
  truth,
  Undefined,
  type Value,
} from '../python/index.ts';
import { superBlock, TemplateReference } from './blocks.ts';
import type { Context, Locals } from './context.ts';
import type { TemplateEvaluation } from './evaluation.ts';
import { LoopContext } from './loop.ts';
import { Macro } from './macro.ts';
import { TemplateModule } from './module.ts';
import { AlreadyReported } from './report.ts';
import type { Template } from './template.ts';
import { Trace, TracedText } from './trace.ts';

/** Undefined, but reported already. */
class Poison extends Undefined {
  override fail(): never {
    throw new AlreadyReported('this value could not be had');
  }
}

function undefinedName(name: string, evaluation: TemplateEvaluation): Value {
  return evaluation.undefinedOf(`'${name}' is undefined`, name, () => evaluation.knownNames());
}

/** The values of a list or tuple of a known length. */
function unpack(value: Value, count: number, evaluation: TemplateEvaluation): readonly Value[] {
  const items = Array.isArray(value) ? value : value instanceof Tuple ? value.items : [...each(value, evaluation)];
  if (items.length !== count)
    raise(
      `${items.length} value${items.length === 1 ? '' : 's'} can't be set to ${count} name${count === 1 ? '' : 's'}`,
    );
  return items;
}

function each(value: Value, _evaluation: TemplateEvaluation): Iterable<Value> {
  return Array.isArray(value) ? value : iterate(value);
}

/** @param pairs a name, its value, the next name and so on */
function keywords(pairs: readonly Value[], further: Value, _evaluation: Evaluation): Kwargs {
  const named = new Map<string, Value>();
  for (let index = 0; index < pairs.length; index += 2) named.set(String(pairs[index]), pairs[index + 1] ?? null);
  if (further === null) return named;
  if (further instanceof Undefined) further.fail();
  if (!(further instanceof Dict)) return raise('what stands behind ** is a dict');
  for (const [name, value] of further.entries()) {
    if (typeof name !== 'string') return raise('names of arguments are texts');
    if (named.has(name)) return raise(`argument '${name}' is there twice`);
    named.set(name, value);
  }
  return named;
}

/** The seed family has texts with the names of functions: what is called is the function. */
function notText(value: Value, name: string, evaluation: TemplateEvaluation): Value {
  if (typeof value !== 'string') return value;
  const hidden = evaluation.rendering.globals.get(name);
  return hidden !== undefined && isCallable(hidden) ? hidden : value;
}

function setAttribute(target: Value | undefined, name: string, key: string, value: Value): void {
  if (target instanceof Namespace) target.set(key, value);
  else
    raise(`'${name}' is no namespace, so '${key}' of it can't be set`, `make it one: {% set ${name} = namespace() %}`);
}

function poison(evaluation: TemplateEvaluation): Value {
  return new Poison(evaluation.undefined, '');
}

/** @param pairs a key, its value, the next key and so on */
function dict(pairs: readonly Value[], _evaluation: Evaluation): Value {
  const made = new Dict();
  for (let index = 0; index < pairs.length; index += 2) made.set(pairs[index] ?? null, pairs[index + 1] ?? null);
  return made;
}

function importedName(module: TemplateModule | null, name: string, evaluation: TemplateEvaluation): Value {
  if (module === null) return poison(evaluation);
  return (
    module.attribute(name) ??
    evaluation.undefinedOf(`'${module.path}' has no '${name}' to import`, name, () => module.names())
  );
}

function renderBlock(context: Context, name: string, required: boolean, evaluation: TemplateEvaluation): string {
  const blocks = context.blocks.get(name);
  const block = blocks?.[0];
  if (required && (blocks === undefined || blocks.length <= 1))
    raise(`block '${name}' is required, and no template that extends this one has it`);
  if (block === undefined) return '';
  evaluation.limits.enter();
  try {
    return block(context);
  } finally {
    evaluation.limits.leave();
  }
}

/** What a filter block, a call block or a recursive loop gives. */
function blockText(value: Value, _evaluation: Evaluation): string {
  if (typeof value === 'string') return value;
  if (value instanceof Undefined) value.fail();
  return value instanceof Markup ? value.text : raise(`this block gives ${describe(value)}, and not text`);
}

function printed(value: Value, evaluation: TemplateEvaluation): string {
  return evaluation.autoescape ? escapeHtml(value, evaluation).text : str(value, evaluation);
}

/** The next item of a loop, whose output is of this length so far; `undefined` behind the last one. */
function next(items: ItemTaker | LoopContext, length: number, { limits }: TemplateEvaluation): Value | undefined {
  const item = items.take();
  if (item === undefined) return undefined;
  limits.tick();
  limits.checkOutput(length);
  return item;
}

/** Most methods that templates call are macros of modules, where nothing else has to be looked at. */
function callMember(
  target: Value,
  name: string,
  args: readonly Value[],
  kwargs: Kwargs,
  evaluation: TemplateEvaluation,
): Value {
  const member = target instanceof TemplateModule ? target.attribute(name) : undefined;
  return member instanceof Macro
    ? member.call(args, kwargs, evaluation)
    : callMethod(target, name, args, kwargs, evaluation);
}

/** Lists that are made here are of one kind to JavaScript, whatever they hold, where literals are of several. */
function list(...items: readonly Value[]): readonly Value[] {
  return items;
}

/** All that code can name. */
export const operations = {
  ...{ add, sub, mul, div, floordiv, mod, pow, neg, pos, concat },
  ...{ compare, equal, getattr, getitem, slice, call, truth, str },
  ...{ Float, Tuple, noKwargs },
  list,
  next,
  callMember,
  /** What is called without arguments gets these. */
  nothing: list(),
  isIn: (item: Value, container: Value, evaluation: Evaluation) => contains(container, item, evaluation),
  escaped: (value: Value, evaluation: Evaluation) => escapeHtml(value, evaluation).text,
  /** Captured text is safe where text is escaped. */
  captured: (value: Value, evaluation: Evaluation): Value =>
    evaluation.autoescape && typeof value === 'string' ? new Markup(value) : value,
  spread: (value: Value, evaluation: TemplateEvaluation) => each(value, evaluation),
  /** Filters and tests whose place is known only after their arguments. */
  late: (operation: Filter | Test, value: Value, args: readonly Value[], kwargs: Kwargs, evaluation: Evaluation) =>
    operation(evaluation, value, args, kwargs),
  noSuch: (kind: string, name: string) => raise(`there is no ${kind} '${name}'`),
  /** An inline `if` without `else` is never strict. */
  noElse: (): Value => new Undefined('lenient', 'the condition is false, and there is no else'),
  missingArgument: (name: string, evaluation: TemplateEvaluation) =>
    evaluation.undefinedOf(`argument '${name}' was not given`, name),
  items: (value: Value, evaluation: TemplateEvaluation) => new ItemTaker(each(value, evaluation)),
  include: (
    context: Context,
    wanted: Value,
    locals: Locals | null,
    ignoreMissing: boolean,
    path: string,
    { rendering }: TemplateEvaluation,
  ) => rendering.include(context, wanted, locals, ignoreMissing, path),
  importTemplate: (
    context: Context,
    wanted: Value,
    locals: Locals | null,
    path: string,
    { rendering }: TemplateEvaluation,
  ) => rendering.importTemplate(context, wanted, locals, path),
  extend: (context: Context, wanted: Value, path: string, { rendering }: TemplateEvaluation) =>
    rendering.extend(context, wanted, path),
  extendedTwice: () => raise("there is more than one 'extends'", 'keep one'),
  renderParent: (context: Context, parent: Template) =>
    context.evaluation.rendering.rootText(parent, context, 'extended'),
  poisonAttribute: (target: Value | undefined, key: string, evaluation: TemplateEvaluation): void => {
    if (target instanceof Namespace) target.set(key, poison(evaluation));
  },
  note: (evaluation: TemplateEvaluation, error: unknown) => evaluation.rendering.report?.note(error),
  traced: ({ rendering }: TemplateEvaluation, path: string) => new TracedText(rendering.trace ?? new Trace(), path),
  undefinedName,
  unpack,
  each,
  keywords,
  notText,
  setAttribute,
  poison,
  dict,
  importedName,
  renderBlock,
  printed,
  blockText,
  superBlock,
  TemplateReference,
  LoopContext,
  Macro,
};
