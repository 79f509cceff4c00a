/** Go's templates as they are written: https://pkg.go.dev/text/template. What is not known is refused by its name. */
import { FloatNumber } from '../../../documents/index.ts';
import { functions } from './template-functions.ts';
import type { GoValue } from './values.ts';

export type Expression = { readonly at: number } & (
  | { readonly kind: 'literal'; readonly value: GoValue }
  | { readonly kind: 'dot' }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'fields'; readonly of: Expression; readonly names: readonly string[] }
);

export interface Pipeline {
  readonly at: number;
  readonly declares: readonly string[];
  readonly assigns: boolean;
  readonly value: Expression;
}

export type Node = { readonly at: number } & (
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

export type Fail = (at: number, message: string, hint?: string) => never;

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

export function parse(text: string, failAt: Fail): Node[] {
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
