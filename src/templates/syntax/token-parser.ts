/** nunjucks's parser, reading Jinja2's tokens. */
import lexer, { type Token } from 'nunjucks/src/lexer.js';
import nunjucks from 'nunjucks/src/parser.js';
import { SyntaxProblem } from './problem.ts';
import { describeToken, type TokenList } from './tokens.ts';

export class TokenParser extends nunjucks.Parser {
  protected readonly list: TokenList;

  constructor(list: TokenList) {
    super(list);
    this.list = list;
  }

  /** @param colno of the next token, unless given */
  override fail(message: string, lineno?: number, colno?: number, hint?: string): never {
    const place = lineno === undefined || colno === undefined ? this.here() : { lineno, colno };
    throw new SyntaxProblem(message, place.lineno, place.colno, hint);
  }

  /** Place of the next token. */
  protected here(): { lineno: number; colno: number } {
    const { lineno, colno } = this.peekToken() ?? this.list.end;
    return { lineno, colno };
  }

  /** The token behind the next one. */
  protected look(): Token | undefined {
    this.peekToken();
    return this.list.next;
  }

  protected isName(name: string): boolean {
    const token = this.peekToken();
    return token?.type === lexer.TOKEN_SYMBOL && token.value === name;
  }

  protected isOperator(sign: string): boolean {
    const token = this.peekToken();
    return token?.type === lexer.TOKEN_OPERATOR && token.value === sign;
  }

  protected skipOperator(sign: string): boolean {
    return this.skipValue(lexer.TOKEN_OPERATOR, sign);
  }

  protected need(type: string, written: string): void {
    if (!this.skip(type)) this.fail(`'${written}' is expected, but there is ${describeToken(this.peekToken())}`);
  }

  protected needName(): string {
    const token = this.peekToken();
    if (token?.type !== lexer.TOKEN_SYMBOL)
      return this.fail(`a name is expected, but there is ${describeToken(token)}`);
    this.nextToken();
    return String(token.value);
  }
}
