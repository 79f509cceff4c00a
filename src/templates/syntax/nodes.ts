/**
 * The syntax tree. Nodes are told apart by `typename` and have places that count from 0, as nunjucks's, whose parser
 * makes some of them. Their fields and the order of these are those of jinja2/nodes.py: what a name means depends on
 * the order in which names are met.
 */
import type { Float } from '../python/index.ts';

export interface Located {
  readonly lineno: number;
  readonly colno: number;
}

interface Of<T extends string> extends Located {
  readonly typename: T;
}

export interface Name extends Of<'Name'> {
  readonly name: string;
  ctx: 'load' | 'store' | 'param';
}
/** `name.attr` where it is assigned to. */
export interface NamespaceTarget extends Of<'NamespaceTarget'> {
  readonly name: string;
  readonly attr: string;
}
export interface Const extends Of<'Const'> {
  readonly value: null | boolean | number | bigint | string | Float;
}
export interface TupleNode extends Of<'Tuple'> {
  readonly items: readonly Expression[];
}
export interface ListNode extends Of<'List'> {
  readonly items: readonly Expression[];
}
export interface DictNode extends Of<'Dict'> {
  readonly items: readonly Pair[];
}
export interface Pair extends Of<'Pair'> {
  readonly key: Expression;
  readonly value: Expression;
}
export interface Keyword extends Of<'Keyword'> {
  readonly key: string;
  readonly value: Expression;
}
export interface Conditional extends Of<'Conditional'> {
  readonly test: Expression;
  readonly expr1: Expression;
  readonly expr2: Expression | null;
}
export interface Arguments {
  readonly args: readonly Expression[];
  readonly kwargs: readonly Keyword[];
  readonly dynArgs: Expression | null;
  readonly dynKwargs: Expression | null;
}
export interface FilterNode extends Of<'Filter'>, Arguments {
  /** `null` in a filter block. */
  readonly node: Expression | null;
  readonly name: string;
}
export interface TestNode extends Of<'Test'>, Arguments {
  readonly node: Expression;
  readonly name: string;
}
export interface Call extends Of<'Call'>, Arguments {
  readonly node: Expression;
}
export interface GetItem extends Of<'GetItem'> {
  readonly node: Expression;
  readonly arg: Expression;
}
export interface GetAttribute extends Of<'GetAttribute'> {
  readonly node: Expression;
  readonly attr: string;
}
export interface Slice extends Of<'Slice'> {
  readonly start: Expression | null;
  readonly stop: Expression | null;
  readonly step: Expression | null;
}
export interface Concat extends Of<'Concat'> {
  readonly nodes: readonly Expression[];
}
export interface Compare extends Of<'Compare'> {
  readonly expr: Expression;
  readonly ops: readonly Operand[];
}
export type ComparisonSign = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';
export interface Operand extends Of<'Operand'> {
  readonly op: ComparisonSign;
  readonly expr: Expression;
}
/** `And`, `Or` and `Pow` are nunjucks's. */
export interface Binary extends Of<'And' | 'Or' | 'Add' | 'Sub' | 'Mul' | 'Div' | 'FloorDiv' | 'Mod' | 'Pow'> {
  readonly left: Expression;
  readonly right: Expression;
}
/** `Not` is nunjucks's. */
export interface Unary extends Of<'Not' | 'Neg' | 'Pos'> {
  readonly target: Expression;
}

export type Expression =
  | Name
  | NamespaceTarget
  | Const
  | TupleNode
  | ListNode
  | DictNode
  | Conditional
  | FilterNode
  | TestNode
  | Call
  | GetItem
  | GetAttribute
  | Slice
  | Concat
  | Compare
  | Binary
  | Unary;

/** What can be assigned to. */
export type Target = Name | TupleNode;

export interface TemplateData extends Of<'TemplateData'> {
  readonly data: string;
}
export interface Output extends Of<'Output'> {
  readonly nodes: readonly (TemplateData | Expression)[];
}
export interface For extends Of<'For'> {
  readonly target: Target;
  readonly iter: Expression;
  readonly body: readonly Statement[];
  readonly else_: readonly Statement[];
  readonly test: Expression | null;
  readonly recursive: boolean;
}
export interface If extends Of<'If'> {
  readonly test: Expression;
  readonly body: readonly Statement[];
  readonly elif: readonly If[];
  readonly else_: readonly Statement[];
}
export interface Signature {
  readonly args: readonly Name[];
  readonly defaults: readonly Expression[];
}
export interface Macro extends Of<'Macro'>, Signature {
  readonly name: string;
  readonly body: readonly Statement[];
}
export interface CallBlock extends Of<'CallBlock'>, Signature {
  readonly call: Call;
  readonly body: readonly Statement[];
}
export interface FilterBlock extends Of<'FilterBlock'> {
  readonly body: readonly Statement[];
  readonly filter: FilterNode;
}
export interface With extends Of<'With'> {
  readonly targets: readonly Target[];
  readonly values: readonly Expression[];
  readonly body: readonly Statement[];
}
export interface Block extends Of<'Block'> {
  readonly name: string;
  readonly body: readonly Statement[];
  readonly scoped: boolean;
  readonly required: boolean;
}
export interface Extends extends Of<'Extends'> {
  readonly template: Expression;
}
export interface Include extends Of<'Include'> {
  readonly template: Expression;
  readonly withContext: boolean;
  readonly ignoreMissing: boolean;
}
export interface Import extends Of<'Import'> {
  readonly template: Expression;
  readonly target: string;
  readonly withContext: boolean;
}
export interface FromImport extends Of<'FromImport'> {
  readonly template: Expression;
  readonly names: readonly { readonly name: string; readonly alias: string; readonly place: Located }[];
  readonly withContext: boolean;
}
/** `do`. */
export interface ExpressionStatement extends Of<'ExpressionStatement'> {
  readonly node: Expression;
}
export interface Assign extends Of<'Assign'> {
  readonly target: Target | NamespaceTarget;
  readonly node: Expression;
}
export interface AssignBlock extends Of<'AssignBlock'> {
  readonly target: Target | NamespaceTarget;
  readonly filter: FilterNode | null;
  readonly body: readonly Statement[];
}
export interface AutoEscape extends Of<'AutoEscape'> {
  readonly value: Expression;
  readonly body: readonly Statement[];
}
export interface LoopControl extends Of<'Break' | 'Continue'> {}

export type Statement =
  | Output
  | For
  | If
  | Macro
  | CallBlock
  | FilterBlock
  | With
  | Block
  | Extends
  | Include
  | Import
  | FromImport
  | ExpressionStatement
  | Assign
  | AssignBlock
  | AutoEscape
  | LoopControl;

export interface Root extends Of<'Root'> {
  readonly body: readonly Statement[];
}

export type Node = Root | Statement | Expression | TemplateData | Pair | Keyword | Operand;

const binary = ['left', 'right'];
const unary = ['target'];
const call = ['node', 'args', 'kwargs', 'dynArgs', 'dynKwargs'];

/** The fields of nodes that hold nodes, in Jinja2's order. */
const fields: Readonly<Record<Node['typename'], readonly string[]>> = {
  Root: ['body'],
  Output: ['nodes'],
  TemplateData: [],
  For: ['target', 'iter', 'body', 'else_', 'test'],
  If: ['test', 'body', 'elif', 'else_'],
  Macro: ['args', 'defaults', 'body'],
  CallBlock: ['call', 'args', 'defaults', 'body'],
  FilterBlock: ['body', 'filter'],
  With: ['targets', 'values', 'body'],
  Block: ['body'],
  Extends: ['template'],
  Include: ['template'],
  Import: ['template'],
  FromImport: ['template'],
  ExpressionStatement: ['node'],
  Assign: ['target', 'node'],
  AssignBlock: ['target', 'filter', 'body'],
  AutoEscape: ['value', 'body'],
  Break: [],
  Continue: [],
  Name: [],
  NamespaceTarget: [],
  Const: [],
  Tuple: ['items'],
  List: ['items'],
  Dict: ['items'],
  Pair: ['key', 'value'],
  Keyword: ['value'],
  Conditional: ['test', 'expr1', 'expr2'],
  Filter: call,
  Test: call,
  Call: call,
  GetItem: ['node', 'arg'],
  GetAttribute: ['node'],
  Slice: ['start', 'stop', 'step'],
  Concat: ['nodes'],
  Compare: ['expr', 'ops'],
  Operand: ['expr'],
  And: binary,
  Or: binary,
  Add: binary,
  Sub: binary,
  Mul: binary,
  Div: binary,
  FloorDiv: binary,
  Mod: binary,
  Pow: binary,
  Not: unary,
  Neg: unary,
  Pos: unary,
};

/** Calls `visit` with each node directly below one, in Jinja2's order. */
export function eachChild(node: Node, visit: (child: Node) => void): void {
  for (const field of fields[node.typename]) {
    const value = (node as unknown as Record<string, Node | readonly Node[] | null>)[field];
    if (value === null || value === undefined) continue;
    if ('typename' in value) visit(value);
    else for (const child of value) visit(child);
  }
}

/** Whether a node of these types is anywhere below. */
export function hasBelow(node: Node, matches: (node: Node) => boolean): boolean {
  let found = false;
  eachChild(node, (child) => {
    found ||= matches(child) || hasBelow(child, matches);
  });
  return found;
}
