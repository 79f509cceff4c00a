/**
 * Go's templates, as far as gossfiles use them: actions, pipelines, variables, `if`, `range`, `with`.
 * https://pkg.go.dev/text/template. Anything else is refused by its name, never skipped.
 */
import { FloatNumber } from '../../../documents/index.ts';
import { fail, type Place } from '../../../problems.ts';
import { functions } from './template-functions.ts';
import { elementsOf, type GoValue, isGoMap, isTrue, printed } from './values.ts';

export interface Rendered {
  readonly text: string;
  /** Where a part of the text comes from, as an offset in the template. */
  origin(offset: number): number;
}

type Expression = { readonly at: number } & (
  | { readonly kind: 'literal'; readonly value: GoValue }
  | { readonly kind: 'dot' }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'fields'; readonly of: Expression; readonly names: readonly string[] }
);

interface Pipeline {
  readonly at: number;
  readonly declares: readonly string[];
  readonly assigns: boolean;
  readonly value: Expression;
}

type Node = { readonly at: number } & (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'print'; readonly pipeline: Pipeline }
  | { readonly kind: 'jump'; readonly to: 'break' | 'continue' }
  | {
      readonly kind: 'if' | 'range' | 'with';
      readonly pipeline: Pipeline;
      readonly body: readonly Node[];
      readonly otherwise: readonly Node[];
    }
);

type Fail = (at: number, message: string, hint?: string) => never;

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

const token =
  /\s+|(?<text>"(?:[^"\\\n]|\\.)*"|`[^`]*`)|(?<number>[-+]?(?:0x[0-9a-fA-F]+|\d+(?:\.\d*)?(?:[eE][-+]?\d+)?))(?![\w.])|(?<sign>:=|[=|(),])|(?<variable>\$\w*)|(?<field>\.\w+)|(?<dot>\.)|(?<word>[A-Za-z_]\w*)|(?<char>'(?:[^'\\]|\\.)+')/y;

interface Token {
  readonly kind: string;
  readonly text: string;
  readonly at: number;
  /** Nothing stands between it and what is before it. */
  readonly joined: boolean;
}

function tokensOf(text: string, from: number, to: number, failAt: Fail): Token[] {
  const tokens: Token[] = [];
  let end = -1;
  token.lastIndex = from;
  while (token.lastIndex < to) {
    const at = token.lastIndex;
    const { groups = {} } =
      token.exec(text) ?? failAt(at, `'${text.slice(at, to).trim()}' can't be read in a template`);
    const [kind, found] = Object.entries(groups).find(([, part]) => part !== undefined) ?? [];
    if (kind !== undefined && found !== undefined) {
      tokens.push({ kind, text: found, at, joined: end === at });
      end = token.lastIndex;
    }
  }
  return tokens;
}

type Piece =
  | { readonly kind: 'text'; readonly at: number; readonly text: string }
  | { readonly kind: 'action'; readonly at: number; readonly tokens: Token[] };

/** Text and actions in turn; `{{-` and `-}}` take away the space around them. */
function piecesOf(text: string, failAt: Fail): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let trimmed = false;
  for (;;) {
    const open = text.indexOf('{{', at);
    const raw = text.slice(at, open < 0 ? undefined : open);
    const start = trimmed ? raw.length - raw.trimStart().length : 0;
    const trimsBefore = open >= 0 && /^\{\{-\s/.test(text.slice(open, open + 4));
    const shown = trimsBefore ? raw.slice(start).trimEnd() : raw.slice(start);
    if (shown !== '') pieces.push({ kind: 'text', at: at + start, text: shown });
    if (open < 0) return pieces;
    const inside = /(?:"(?:[^"\\\n]|\\.)*"|`[^`]*`|\/\*[\s\S]*?\*\/|(?!\}\})[^"`])*/y;
    inside.lastIndex = open + 2;
    inside.exec(text);
    const close = inside.lastIndex;
    if (!text.startsWith('}}', close)) failAt(open, "'{{' has no '}}'");
    const begin = open + (trimsBefore ? 3 : 2);
    trimmed = /\s-$/.test(text.slice(begin, close));
    const end = trimmed ? close - 1 : close;
    if (!/^\s*\/\*[\s\S]*\*\/\s*$/.test(text.slice(begin, end)))
      pieces.push({ kind: 'action', at: open, tokens: tokensOf(text, begin, end, failAt) });
    at = close + 2;
  }
}

function parse(text: string, failAt: Fail): Node[] {
  const pieces = piecesOf(text, failAt);
  let index = 0;

  /** Up to `{{end}}` or `{{else}}`, whose tokens are left to the caller. */
  const block = (opened: Piece | undefined): { nodes: Node[]; last: readonly Token[] } => {
    const nodes: Node[] = [];
    for (let piece = pieces[index++]; piece !== undefined; piece = pieces[index++]) {
      if (piece.kind === 'text') nodes.push(piece);
      else {
        const [first] = piece.tokens;
        if (first === undefined) failAt(piece.at, 'this action is empty');
        else if (first.text === 'end' || first.text === 'else') {
          if (opened === undefined) failAt(first.at, `there is nothing that this '${first.text}' could belong to`);
          return { nodes, last: piece.tokens };
        } else nodes.push(action(piece, piece.tokens, first));
      }
    }
    if (opened !== undefined) failAt(opened.at, "this has no '{{end}}'");
    return { nodes, last: [] };
  };

  const action = (piece: Piece, tokens: readonly Token[], first: Token): Node => {
    const [, second] = tokens;
    if (first.kind === 'word' && !(second?.joined ?? false)) {
      if (/^(?:if|range|with)$/.test(first.text)) return control(piece, tokens, first);
      if (/^(?:break|continue)$/.test(first.text) && second === undefined)
        return { kind: 'jump', at: first.at, to: first.text === 'break' ? 'break' : 'continue' };
      if (/^(?:define|template|block)$/.test(first.text))
        failAt(first.at, `'${first.text}' is not read in templates here`, 'write out what it stands for');
    }
    return { kind: 'print', at: piece.at, pipeline: pipeline(tokens, failAt) };
  };

  const control = (piece: Piece, tokens: readonly Token[], { text: word, at }: Token): Node => {
    const kind = word === 'if' ? 'if' : word === 'range' ? 'range' : 'with';
    const rest = tokens.slice(1);
    if (rest.length === 0) failAt(at, `'${word}' has nothing to look at`);
    const head = pipeline(rest, failAt);
    const { nodes: body, last } = block(piece);
    const [end, chained] = last;
    if (end?.text !== 'else') return { kind, at, pipeline: head, body, otherwise: [] };
    if (chained !== undefined)
      return { kind, at, pipeline: head, body, otherwise: [control(piece, last.slice(1), chained)] };
    const { nodes: otherwise, last: closing } = block(piece);
    if (closing[0]?.text !== 'end') failAt(closing[0]?.at ?? at, "there is an 'else' already");
    return { kind, at, pipeline: head, body, otherwise };
  };

  return block(undefined).nodes;
}

function pipeline(tokens: readonly Token[], failAt: Fail): Pipeline {
  const at = tokens[0]?.at ?? 0;
  const sign = tokens.findIndex(({ text, kind }) => kind === 'sign' && (text === ':=' || text === '='));
  const declared = tokens.slice(0, Math.max(sign, 0)).filter(({ text }) => text !== ',');
  const wrong = declared.find(({ kind }) => kind !== 'variable');
  if (wrong !== undefined) failAt(wrong.at, `'${wrong.text}' is no variable; a value can be given to those only`);
  let index = sign + 1;

  const expression = (inner: boolean): Expression => {
    let value = command(undefined);
    while (tokens[index]?.text === '|' && tokens[index]?.kind === 'sign') {
      index += 1;
      value = command(value);
    }
    const next = tokens[index];
    if (inner && next?.text !== ')') failAt(next?.at ?? at, "a '(' has no ')'");
    if (!inner && next !== undefined) failAt(next.at, `'${next.text}' can't stand here`);
    return value;
  };
  const command = (piped: Expression | undefined): Expression => {
    const first = tokens[index];
    if (first?.kind === 'word' && !/^(?:true|false|nil)$/.test(first.text)) {
      index += 1;
      const args: Expression[] = [];
      while (tokens[index] !== undefined && !/^[|)]$/.test(tokens[index]?.text ?? '')) args.push(operand());
      if (piped !== undefined) args.push(piped);
      if (!Object.hasOwn(functions, first.text) && first.text !== 'getEnv' && first.text !== 'env')
        failAt(
          first.at,
          first.text === 'readFile'
            ? "'readFile' reads a file of the container, which is not started yet when the gossfile is read"
            : `the function '${first.text}' is not known here`,
          first.text === 'readFile' ? 'check the file in a resource' : `known are ${Object.keys(functions).join(', ')}`,
        );
      return { kind: 'call', at: first.at, name: first.text, args };
    }
    const value = operand();
    if (piped !== undefined) failAt(value.at, "only a function can stand behind '|'");
    return value;
  };
  const operand = (): Expression => {
    const found = tokens[index++];
    if (found === undefined) return failAt(at, 'something is missing here');
    let value = plain(found);
    const names: string[] = [];
    while (tokens[index]?.kind === 'field' && tokens[index]?.joined) names.push((tokens[index++]?.text ?? '').slice(1));
    if (names.length > 0) value = { kind: 'fields', at: found.at, of: value, names };
    return value;
  };
  const plain = ({ kind, text, at }: Token): Expression => {
    if (kind === 'text')
      return { kind: 'literal', at, value: text.startsWith('`') ? text.slice(1, -1) : unquoted(text) };
    if (kind === 'number') {
      const value = Number(text);
      return { kind: 'literal', at, value: /^[-+]?(?:\d+|0x.*)$/.test(text) ? value : new FloatNumber(value) };
    }
    if (kind === 'variable') return { kind: 'variable', at, name: text };
    if (kind === 'dot') return { kind: 'dot', at };
    if (kind === 'field') return { kind: 'fields', at, of: { kind: 'dot', at }, names: [text.slice(1)] };
    if (text === '(') {
      const inner = expression(true);
      index += 1;
      return inner;
    }
    if (text === 'true' || text === 'false') return { kind: 'literal', at, value: text === 'true' };
    if (text === 'nil') return { kind: 'literal', at, value: null };
    if (kind === 'word') {
      index -= 1;
      return command(undefined);
    }
    return failAt(at, `'${text}' can't stand here`);
  };
  return {
    at,
    declares: declared.map(({ text }) => text),
    assigns: tokens[sign]?.text === '=',
    value: expression(false),
  };
}

function unquoted(text: string): string {
  return text
    .slice(1, -1)
    .replaceAll(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))/g, (_, byte?: string, code?: string, sign?: string) =>
      sign === undefined
        ? String.fromCodePoint(Number.parseInt(byte ?? code ?? '', 16))
        : ({ n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' }[sign] ?? sign),
    );
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
