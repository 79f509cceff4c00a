/** The expressions of Jinja2, on nunjucks's parser: jinja2/parser.py (3.1), level by level. */
import lexer from 'nunjucks/src/lexer.js';
import type { Float } from '../python/index.ts';
import type {
  Arguments,
  Binary,
  Call,
  ComparisonSign,
  Expression,
  FilterNode,
  Keyword,
  Located,
  Operand,
  Pair,
  TestNode,
} from './nodes.ts';
import { TokenParser } from './token-parser.ts';
import { describeToken } from './tokens.ts';

const comparisons = ['==', '!=', '<', '<=', '>', '>='] as const;
const constants: Readonly<Record<string, null | boolean>> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
};
/** Token types that begin the argument of a test that has no parentheses. */
const argumentStarts = new Set([
  lexer.TOKEN_SYMBOL,
  lexer.TOKEN_STRING,
  lexer.TOKEN_INT,
  lexer.TOKEN_FLOAT,
  lexer.TOKEN_LEFT_BRACKET,
  lexer.TOKEN_LEFT_CURLY,
]);

export interface TupleOptions {
  /** Names and literals only. */
  readonly simplified?: boolean;
  readonly withConditional?: boolean;
  readonly parentheses?: boolean;
}

export class ExpressionParser extends TokenParser {
  override parseExpression(): Expression {
    return this.parseInlineIf();
  }

  override parseInlineIf(): Expression {
    let node = this.parseOr();
    for (;;) {
      const place = this.here();
      if (!this.skipSymbol('if')) return node;
      const test = this.parseOr();
      const expr2 = this.skipSymbol('else') ? this.parseInlineIf() : null;
      node = { typename: 'Conditional', test, expr1: node, expr2, ...place };
    }
  }

  // nunjucks reads `or`, `and`, `not` and `**` as Jinja2 does.

  override parseOr(): Expression {
    return super.parseOr() as Expression;
  }

  override parsePow(): Expression {
    return super.parsePow() as Expression;
  }

  /** Comparisons, which can be chained. */
  override parseIn(): Expression {
    const expr = this.parseAdd();
    const ops: Operand[] = [];
    for (let op = this.skipComparison(); op !== undefined; op = this.skipComparison())
      ops.push({ typename: 'Operand', op: op.sign, expr: this.parseAdd(), ...op.place });
    const [first] = ops;
    return first === undefined ? expr : { typename: 'Compare', expr, ops, lineno: first.lineno, colno: first.colno };
  }

  private skipComparison(): { sign: ComparisonSign; place: Located } | undefined {
    const token = this.peekToken();
    if (token === null || (token.type !== lexer.TOKEN_OPERATOR && token.type !== lexer.TOKEN_SYMBOL)) return undefined;
    const place = this.here();
    let sign: ComparisonSign | undefined;
    if (token.type === lexer.TOKEN_OPERATOR) sign = comparisons.find((operator) => operator === token.value);
    else if (token.value === 'in') sign = 'in';
    else if (token.value === 'not' && this.look()?.value === 'in') sign = 'not in';
    if (sign === undefined) return undefined;
    this.nextToken();
    if (sign === 'not in') this.nextToken();
    return { sign, place };
  }

  override parseAdd(): Expression {
    return this.binary({ '+': 'Add', '-': 'Sub' }, () => this.parseConcat());
  }

  override parseConcat(): Expression {
    const first = this.parseMul();
    const place = this.here();
    const nodes = [first];
    while (this.skip(lexer.TOKEN_TILDE)) nodes.push(this.parseMul());
    return nodes.length === 1 ? first : { typename: 'Concat', nodes, ...place };
  }

  override parseMul(): Expression {
    return this.binary({ '*': 'Mul', '//': 'FloorDiv', '/': 'Div', '%': 'Mod' }, () => this.parsePow());
  }

  override parseUnary(noFilters = false): Expression {
    const place = this.here();
    let node: Expression;
    if (this.skipOperator('-')) node = { typename: 'Neg', target: this.parseUnary(true), ...place };
    else if (this.skipOperator('+')) node = { typename: 'Pos', target: this.parseUnary(true), ...place };
    else node = this.parsePrimary();
    node = this.parseBehind(node);
    return noFilters ? node : this.parseFilters(node);
  }

  override parsePrimary(): Expression {
    const token = this.peekToken();
    const place = this.here();
    switch (token?.type) {
      case lexer.TOKEN_SYMBOL: {
        this.nextToken();
        const name = String(token.value);
        const constant = Object.hasOwn(constants, name) ? constants[name] : undefined;
        return constant === undefined
          ? { typename: 'Name', name, ctx: 'load', ...place }
          : { typename: 'Const', value: constant, ...place };
      }
      case lexer.TOKEN_STRING: {
        let value = '';
        for (let next = this.peekToken(); next?.type === lexer.TOKEN_STRING; next = this.peekToken())
          value += String(this.nextToken()?.value);
        return { typename: 'Const', value, ...place };
      }
      case lexer.TOKEN_INT:
      case lexer.TOKEN_FLOAT:
        this.nextToken();
        return { typename: 'Const', value: token.value as number | bigint | Float, ...place };
      case lexer.TOKEN_LEFT_PAREN: {
        this.nextToken();
        const tuple = this.parseTuple({ parentheses: true });
        this.need(lexer.TOKEN_RIGHT_PAREN, ')');
        return tuple;
      }
      case lexer.TOKEN_LEFT_BRACKET:
        return {
          typename: 'List',
          items: this.parseItems(lexer.TOKEN_RIGHT_BRACKET, ']', () => this.parseExpression()),
          ...place,
        };
      case lexer.TOKEN_LEFT_CURLY:
        return {
          typename: 'Dict',
          items: this.parseItems(lexer.TOKEN_RIGHT_CURLY, '}', () => this.parsePair()),
          ...place,
        };
      default:
        return this.fail(`a value is expected, but there is ${describeToken(token)}`);
    }
  }

  /** Expressions with commas between them are a tuple. */
  parseTuple({ simplified, withConditional = true, parentheses = false }: TupleOptions = {}): Expression {
    const place = this.here();
    const items: Expression[] = [];
    let isTuple = false;
    for (;;) {
      if (items.length > 0) this.need(lexer.TOKEN_COMMA, ',');
      if (this.isTupleEnd()) break;
      if (simplified) items.push(this.parsePrimary());
      else items.push(withConditional ? this.parseInlineIf() : this.parseOr());
      if (this.peekToken()?.type !== lexer.TOKEN_COMMA) break;
      isTuple = true;
    }
    const [only] = items;
    if (!isTuple && only !== undefined) return only;
    if (!isTuple && !parentheses) this.fail(`a value is expected, but there is ${describeToken(this.peekToken())}`);
    return { typename: 'Tuple', items, ...place };
  }

  private isTupleEnd(): boolean {
    const type = this.peekToken()?.type;
    return type === lexer.TOKEN_VARIABLE_END || type === lexer.TOKEN_BLOCK_END || type === lexer.TOKEN_RIGHT_PAREN;
  }

  private parseItems<T>(endType: string, end: string, parse: () => T): T[] {
    this.nextToken();
    const items: T[] = [];
    while (this.peekToken()?.type !== endType) {
      if (items.length > 0) this.need(lexer.TOKEN_COMMA, ',');
      if (this.peekToken()?.type === endType) break;
      items.push(parse());
    }
    this.need(endType, end);
    return items;
  }

  private parsePair(): Pair {
    const place = this.here();
    const key = this.parseExpression();
    this.need(lexer.TOKEN_COLON, ':');
    return { typename: 'Pair', key, value: this.parseExpression(), ...place };
  }

  /** Attributes, items and calls. */
  private parseBehind(first: Expression): Expression {
    let node = first;
    for (;;) {
      const token = this.peekToken();
      if (token?.type === lexer.TOKEN_LEFT_PAREN) node = this.parseCall(node);
      else if (token?.type === lexer.TOKEN_LEFT_BRACKET || this.isOperator('.')) node = this.parseSubscript(node);
      else return node;
    }
  }

  /** Filters and tests; calls are valid between these too. */
  private parseFilters(first: Expression): Expression {
    let node = first;
    for (;;) {
      if (this.peekToken()?.type === lexer.TOKEN_PIPE) node = this.parseFilterChain(node) ?? node;
      else if (this.isName('is')) node = this.parseTest(node);
      else if (this.peekToken()?.type === lexer.TOKEN_LEFT_PAREN) node = this.parseCall(node);
      else return node;
    }
  }

  private parseSubscript(node: Expression): Expression {
    const opening = this.here();
    if (this.skipOperator('.')) {
      const token = this.nextToken();
      const { lineno, colno } = token ?? this.here();
      if (token?.type === lexer.TOKEN_SYMBOL)
        return { typename: 'GetAttribute', node, attr: String(token.value), lineno, colno };
      if (token?.type !== lexer.TOKEN_INT)
        return this.fail(
          `a name or a number is expected behind '.', but there is ${describeToken(token)}`,
          lineno,
          colno,
        );
      const value = token.value as number | bigint;
      return { typename: 'GetItem', node, arg: { typename: 'Const', value, lineno, colno }, lineno, colno };
    }
    this.nextToken();
    const items: Expression[] = [];
    while (this.peekToken()?.type !== lexer.TOKEN_RIGHT_BRACKET) {
      if (items.length > 0) this.need(lexer.TOKEN_COMMA, ',');
      items.push(this.parseSubscribed());
    }
    this.need(lexer.TOKEN_RIGHT_BRACKET, ']');
    const [only] = items;
    const arg: Expression = items.length === 1 && only !== undefined ? only : { typename: 'Tuple', items, ...opening };
    const place = arg.typename === 'Slice' ? opening : { lineno: arg.lineno, colno: arg.colno };
    return { typename: 'GetItem', node, arg, ...place };
  }

  private parseSubscribed(): Expression {
    const place = this.here();
    let start: Expression | null = null;
    if (!this.skip(lexer.TOKEN_COLON)) {
      start = this.parseExpression();
      if (!this.skip(lexer.TOKEN_COLON)) return start;
    }
    const part = (): Expression | null => {
      const type = this.peekToken()?.type;
      return type === lexer.TOKEN_RIGHT_BRACKET || type === lexer.TOKEN_COMMA ? null : this.parseExpression();
    };
    const stop = this.peekToken()?.type === lexer.TOKEN_COLON ? null : part();
    const step = this.skip(lexer.TOKEN_COLON) ? part() : null;
    return { typename: 'Slice', start, stop, step, ...place };
  }

  private parseCall(node: Expression): Call {
    const { lineno, colno } = node;
    return { typename: 'Call', node, ...this.parseArguments(), lineno, colno };
  }

  private parseArguments(): Arguments {
    const args: Expression[] = [];
    const kwargs: Keyword[] = [];
    let dynArgs: Expression | null = null;
    let dynKwargs: Expression | null = null;
    this.need(lexer.TOKEN_LEFT_PAREN, '(');
    for (let first = true; this.peekToken()?.type !== lexer.TOKEN_RIGHT_PAREN; first = false) {
      if (!first) {
        this.need(lexer.TOKEN_COMMA, ',');
        if (this.peekToken()?.type === lexer.TOKEN_RIGHT_PAREN) break;
      }
      const place = this.here();
      const ensure = (condition: boolean): void => {
        if (!condition)
          this.fail(
            'the arguments of this call are in an order that is not possible',
            place.lineno,
            place.colno,
            'write values first, then name=value, then *list and **dict',
          );
      };
      if (this.skipOperator('*')) {
        ensure(dynArgs === null && dynKwargs === null);
        dynArgs = this.parseExpression();
      } else if (this.skipOperator('**')) {
        ensure(dynKwargs === null);
        dynKwargs = this.parseExpression();
      } else if (
        this.peekToken()?.type === lexer.TOKEN_SYMBOL &&
        this.look()?.value === '=' &&
        this.look()?.type === lexer.TOKEN_OPERATOR
      ) {
        ensure(dynKwargs === null);
        const key = String(this.nextToken()?.value);
        this.nextToken();
        kwargs.push({ typename: 'Keyword', key, value: this.parseExpression(), ...place });
      } else {
        ensure(dynArgs === null && dynKwargs === null && kwargs.length === 0);
        args.push(this.parseExpression());
      }
    }
    this.need(lexer.TOKEN_RIGHT_PAREN, ')');
    return { args, kwargs, dynArgs, dynKwargs };
  }

  /** @param inline the first filter has no `|`, as in a filter block */
  parseFilterChain(first: Expression | null, inline = false): FilterNode | null {
    let node = first;
    let filter: FilterNode | null = null;
    for (let bare = inline; bare || this.skip(lexer.TOKEN_PIPE); bare = false) {
      const place = this.here();
      const name = this.parseDottedName();
      filter = { typename: 'Filter', node, name, ...this.parseOptionalArguments(), ...place };
      node = filter;
    }
    return filter;
  }

  private parseTest(node: Expression): Expression {
    this.nextToken();
    const negated = this.skipSymbol('not');
    const place = this.here();
    const name = this.parseDottedName();
    let parsed = this.parseOptionalArguments();
    const next = this.peekToken();
    if (
      parsed === noArguments &&
      next !== null &&
      argumentStarts.has(next.type) &&
      !(next.type === lexer.TOKEN_SYMBOL && ['else', 'or', 'and'].includes(String(next.value)))
    ) {
      if (this.isName('is'))
        this.fail("tests can't be chained with 'is'", undefined, undefined, "write 'and' between them");
      parsed = { ...noArguments, args: [this.parseBehind(this.parsePrimary())] };
    }
    const test: TestNode = { typename: 'Test', node, name, ...parsed, ...place };
    return negated ? { typename: 'Not', target: test, ...place } : test;
  }

  private parseDottedName(): string {
    let name = this.needName();
    while (this.skipOperator('.')) name += `.${this.needName()}`;
    return name;
  }

  private parseOptionalArguments(): Arguments {
    return this.peekToken()?.type === lexer.TOKEN_LEFT_PAREN ? this.parseArguments() : noArguments;
  }

  private binary(operators: Readonly<Record<string, Binary['typename']>>, operand: () => Expression): Expression {
    let left = operand();
    for (;;) {
      const token = this.peekToken();
      const typename = token?.type === lexer.TOKEN_OPERATOR ? operators[String(token.value)] : undefined;
      if (typename === undefined) return left;
      const place = this.here();
      this.nextToken();
      left = { typename, left, right: operand(), ...place };
    }
  }
}

const noArguments: Arguments = { args: [], kwargs: [], dynArgs: null, dynKwargs: null };
