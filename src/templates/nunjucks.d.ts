/** The parts of nunjucks 3.2 that its public types leave out; the package exports them as plain files. */
declare module 'nunjucks/src/lexer.js' {
  /** Lines and columns count from 0. */
  export interface Token {
    readonly type: string;
    readonly value: unknown;
    readonly lineno: number;
    readonly colno: number;
  }

  const lexer: Readonly<
    Record<
      | 'TOKEN_STRING'
      | 'TOKEN_DATA'
      | 'TOKEN_BLOCK_START'
      | 'TOKEN_BLOCK_END'
      | 'TOKEN_VARIABLE_START'
      | 'TOKEN_VARIABLE_END'
      | 'TOKEN_LEFT_PAREN'
      | 'TOKEN_RIGHT_PAREN'
      | 'TOKEN_LEFT_BRACKET'
      | 'TOKEN_RIGHT_BRACKET'
      | 'TOKEN_LEFT_CURLY'
      | 'TOKEN_RIGHT_CURLY'
      | 'TOKEN_OPERATOR'
      | 'TOKEN_COMMA'
      | 'TOKEN_COLON'
      | 'TOKEN_TILDE'
      | 'TOKEN_PIPE'
      | 'TOKEN_INT'
      | 'TOKEN_FLOAT'
      | 'TOKEN_SYMBOL',
      string
    >
  >;
  export default lexer;
}

declare module 'nunjucks/src/parser.js' {
  import type { Token } from 'nunjucks/src/lexer.js';

  /** Where tokens come from: nunjucks's tokenizer, or another. */
  export interface Tokens {
    nextToken(): Token | null;
  }

  export interface ParsedNode {
    readonly typename: string;
    readonly lineno: number;
    readonly colno: number;
  }

  export class Parser {
    constructor(tokens: Tokens);
    tokens: Tokens;
    /** Names of the tags that end the statements that are being read. */
    breakOnBlocks: readonly string[] | null;
    nextToken(): Token | null;
    peekToken(): Token | null;
    /** Skips a token of this type, if it is the next. */
    skip(type: string): boolean;
    skipValue(type: string, value: string): boolean;
    skipSymbol(value: string): boolean;
    fail(message: string, lineno?: number, colno?: number): never;
    parseUntilBlocks(...names: readonly string[]): { children: ParsedNode[] };
    parseNodes(): ParsedNode[];
    /** Levels of expressions, from the weakest operator to the strongest; each calls the next. */
    parseExpression(): ParsedNode;
    parseInlineIf(): ParsedNode;
    parseOr(): ParsedNode;
    parseAnd(): ParsedNode;
    parseNot(): ParsedNode;
    parseIn(): ParsedNode;
    parseAdd(): ParsedNode;
    parseConcat(): ParsedNode;
    parseMul(): ParsedNode;
    parsePow(): ParsedNode;
    parseUnary(noFilters?: boolean): ParsedNode;
    parsePrimary(): ParsedNode;
  }

  const parser: { readonly Parser: typeof Parser };
  export default parser;
}

declare module 'nunjucks/src/compiler.js' {
  export class Compiler {
    constructor(templateName: string, throwOnUndefined: boolean);
    templateName: string;
    /** The code so far, in pieces. */
    codebuf: string[];
    _emit(code: string): void;
    _emitLine(code: string): void;
    _tmpid(): string;
    getCode(): string;
    fail(message: string, lineno?: number, colno?: number): never;
    /** Calls the method that is named `compile` and then as the node's type. */
    compile(node: { readonly typename: string }, frame?: unknown): void;
  }

  const compiler: { readonly Compiler: typeof Compiler };
  export default compiler;
}
