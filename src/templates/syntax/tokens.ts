/** A template's tokens, one after the other. */
import lexer, { type Token } from 'nunjucks/src/lexer.js';
import type { Tokens } from 'nunjucks/src/parser.js';

/** What nunjucks's parser reads from, in place of nunjucks's tokenizer. */
export class TokenList implements Tokens {
  private readonly tokens: readonly Token[];
  private position = 0;
  /** Where the template ends. */
  readonly end: { readonly lineno: number; readonly colno: number };

  constructor(tokens: readonly Token[], source: string) {
    this.tokens = tokens;
    this.end = { lineno: source.split('\n').length - 1, colno: source.length - (source.lastIndexOf('\n') + 1) };
  }

  nextToken(): Token | null {
    const token = this.tokens[this.position] ?? null;
    this.position += 1;
    return token;
  }

  /** The token that `nextToken` will give. */
  get next(): Token | undefined {
    return this.tokens[this.position];
  }
}

const words: Readonly<Record<string, string>> = {
  [lexer.TOKEN_DATA]: 'text',
  [lexer.TOKEN_BLOCK_START]: "'{%'",
  [lexer.TOKEN_BLOCK_END]: "the end of the tag, '%}'",
  [lexer.TOKEN_VARIABLE_START]: "'{{'",
  [lexer.TOKEN_VARIABLE_END]: "the end of the expression, '}}'",
};

/** A token in words: what is there where something else is expected. */
export function describeToken(token: Token | null | undefined): string {
  if (token === null || token === undefined) return 'the end of the template';
  if (token.type === lexer.TOKEN_STRING) return `the text ${JSON.stringify(token.value)}`;
  return words[token.type] ?? `'${String(token.value)}'`;
}
