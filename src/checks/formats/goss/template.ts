/**
 * Go's templates, as far as gossfiles use them, worked out: actions, pipelines, variables, `if`, `range`, `with`.
 * https://pkg.go.dev/text/template. Anything else is refused by its name, never skipped.
 */
import { fail, type Place } from '../../../problems.ts';
import { functions } from './template-functions.ts';
import { type Expression, type Fail, type Node, type Pipeline, parse } from './template-syntax.ts';
import { elementsOf, type GoValue, isGoMap, isTrue, printed } from './values.ts';

export interface Rendered {
  readonly text: string;
  /** Where a part of the text comes from, as an offset in the template. */
  origin(offset: number): number;
}

/** @throws ProblemsError at the place of what can't be read or worked out */
export function renderTemplate(
  text: string,
  file: string,
  data: ReadonlyMap<string, GoValue>,
  env: (name: string) => string | undefined,
): Rendered {
  const failAt: Fail = (at, message, hint) =>
    fail(message, { place: placeOf(text, file, at), ...(hint === undefined ? {} : { hint }) });
  return run(parse(text, failAt), data, env, failAt);
}

export function placeOf(text: string, file: string, offset: number): Place {
  const before = text.slice(0, offset);
  return { file, line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** Rounds of all loops together: a template must not run without end. */
const mostRounds = 100_000;

function run(
  nodes: readonly Node[],
  data: ReadonlyMap<string, GoValue>,
  env: (name: string) => string | undefined,
  failAt: Fail,
): Rendered {
  let text = '';
  let rounds = 0;
  const segments: { readonly from: number; readonly at: number; readonly fixed: boolean }[] = [];
  const write = (part: string, at: number, fixed: boolean): void => {
    segments.push({ from: text.length, at, fixed });
    text += part;
  };
  const variables: [string, GoValue][] = [['$', data]];

  const evaluate = (expression: Expression, dot: GoValue): GoValue => {
    const { at } = expression;
    switch (expression.kind) {
      case 'literal':
        return expression.value;
      case 'dot':
        return dot;
      case 'variable': {
        const found = variables.findLast(([name]) => name === expression.name);
        return found === undefined ? failAt(at, `there is no variable '${expression.name}'`) : found[1];
      }
      case 'fields':
        return expression.names.reduce((value, name) => fieldOf(value, name, at), evaluate(expression.of, dot));
      case 'call':
        return call(expression.name, expression.args, dot, at);
    }
  };
  const fieldOf = (value: GoValue, name: string, at: number): GoValue => {
    if (!isGoMap(value)) return failAt(at, `'.${name}' is asked of ${printed(value)}, which is no map`);
    const found = value.get(name);
    if (found !== undefined) return found;
    return failAt(
      at,
      `there is no '${name}'`,
      value === data.get('Env')
        ? 'set it in the environment of the job or under start.env; the variables of the image are not seen yet'
        : `known are ${[...value.keys()].join(', ') || 'none'}; variables are read from goss_vars.yaml`,
    );
  };
  const call = (name: string, args: readonly Expression[], dot: GoValue, at: number): GoValue => {
    // These two look at no more than they need.
    if (name === 'and' || name === 'or') {
      let value: GoValue = null;
      for (const arg of args) {
        value = evaluate(arg, dot);
        if (isTrue(value) === (name === 'or')) break;
      }
      return value;
    }
    const values = args.map((arg) => evaluate(arg, dot));
    if (name === 'getEnv' || name === 'env') return env(String(values[0])) || String(values[1] ?? '');
    try {
      return functions[name]?.(values) ?? null;
    } catch (error) {
      return failAt(at, `${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  /** @returns the value; gives it to the variable as well, where there is one. */
  const settle = ({ declares, assigns, value, at }: Pipeline, dot: GoValue): GoValue => {
    const result = evaluate(value, dot);
    const [name] = declares;
    if (name === undefined) return result;
    if (!assigns) variables.push([name, result]);
    else {
      const known = variables.findLast(([other]) => other === name);
      if (known === undefined) failAt(at, `there is no variable '${name}'`);
      else known[1] = result;
    }
    return result;
  };

  const walk = (list: readonly Node[], dot: GoValue): 'break' | 'continue' | undefined => {
    const depth = variables.length;
    try {
      for (const node of list) {
        const jump = step(node, dot);
        if (jump !== undefined) return jump;
      }
      return undefined;
    } finally {
      variables.length = depth;
    }
  };
  const step = (node: Node, dot: GoValue): 'break' | 'continue' | undefined => {
    switch (node.kind) {
      case 'text':
        write(node.text, node.at, false);
        return undefined;
      case 'jump':
        return node.to;
      case 'print': {
        const value = settle(node.pipeline, dot);
        if (node.pipeline.declares.length === 0) write(value === null ? '<no value>' : printed(value), node.at, true);
        return undefined;
      }
      default: {
        const depth = variables.length;
        try {
          return node.kind === 'range' ? loop(node, dot) : choose(node, dot);
        } finally {
          variables.length = depth;
        }
      }
    }
  };
  type Control = Extract<Node, { kind: 'if' | 'range' | 'with' }>;
  const choose = ({ kind, pipeline, body, otherwise }: Control, dot: GoValue): 'break' | 'continue' | undefined => {
    const value = settle(pipeline, dot);
    return isTrue(value) ? walk(body, kind === 'with' ? value : dot) : walk(otherwise, dot);
  };
  const loop = ({ pipeline, body, otherwise, at }: Control, dot: GoValue): undefined => {
    const value = evaluate(pipeline.value, dot);
    const pairs = pairsOf(value) ?? failAt(at, `'range' is asked to go through ${printed(value)}`);
    if (pairs.length === 0) walk(otherwise, dot);
    const { declares } = pipeline;
    for (const [key, item] of pairs) {
      rounds += 1;
      if (rounds > mostRounds) failAt(at, `there are more than ${mostRounds} rounds`);
      const depth = variables.length;
      const [first, second] = declares;
      if (first !== undefined) variables.push([first, second === undefined ? item : key]);
      if (second !== undefined) variables.push([second, item]);
      const jump = walk(body, item);
      variables.length = depth;
      if (jump === 'break') break;
    }
    return undefined;
  };

  walk(nodes, data);
  return {
    text,
    origin(offset) {
      const segment = segments.findLast(({ from }) => from <= offset);
      if (segment === undefined) return 0;
      return segment.fixed ? segment.at : segment.at + offset - segment.from;
    },
  };
}

function pairsOf(value: GoValue): readonly (readonly [GoValue, GoValue])[] | undefined {
  if (value === null) return [];
  if (typeof value === 'number')
    return Array.from({ length: Math.min(Math.max(value, 0), mostRounds + 1) }, (_, index) => [index, index]);
  if (isGoMap(value)) return [...value].sort(([a], [b]) => (a < b ? -1 : 1));
  return elementsOf(value)?.map((item, index) => [index, item]);
}
