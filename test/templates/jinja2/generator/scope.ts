/** What a generated template can name at a place. */
import type { Node } from './node.ts';

export type Type = 'int' | 'float' | 'str' | 'bool' | 'ints' | 'strs' | 'list' | 'dict' | 'rows' | 'any';

export type MakeExpression = (scope: Scope, type: Type, depth: number) => Node;

export interface Macro {
  readonly name: string;
  readonly parameters: readonly string[];
}

export interface Scope {
  readonly variables: readonly { readonly name: string; readonly type: Type }[];
  readonly macros: readonly Macro[];
  readonly inLoop: boolean;
  readonly inBlock: boolean;
  /** In a macro, a call, a filter block, a recursive loop or the text of a set: Jinja2 can't include without context there. */
  readonly captured: boolean;
  /** Blocks of the template that this one extends. */
  readonly blocks: readonly string[];
  /** Templates that may be included. */
  readonly parts: readonly string[];
}

export function withVariable(scope: Scope, name: string, type: Type): Scope {
  return { ...scope, variables: [{ name, type }, ...scope.variables.filter((other) => other.name !== name)] };
}

/** The variables of each case's data. */
export const dataTypes: Readonly<Record<string, Type>> = {
  n: 'int',
  m: 'int',
  f: 'float',
  s: 'str',
  t: 'str',
  flag: 'bool',
  xs: 'ints',
  ws: 'strs',
  mix: 'list',
  d: 'dict',
  rows: 'rows',
  u: 'any',
};
