/** nunjucks's parser with the statements of Jinja2: jinja2/parser.py (3.1), and its extensions `do` and `loopcontrols`. */
import lexer from 'nunjucks/src/lexer.js';
import { closest } from '../../documents/suggestion.ts';
import { ExpressionParser } from './expressions.ts';
import { normalise, type SyntaxOptions, tokenize } from './lexer.ts';
import type {
  AssignBlock,
  Block,
  Expression,
  FromImport,
  If,
  Located,
  Name,
  NamespaceTarget,
  Output,
  Root,
  Signature,
  Statement,
  Target,
} from './nodes.ts';
import { SyntaxProblem } from './problem.ts';
import { describeToken, TokenList } from './tokens.ts';

const constantNames = new Set(['true', 'false', 'none', 'True', 'False', 'None']);

class TemplateParser extends ExpressionParser {
  /** Tags that are not closed yet. */
  private readonly open: { readonly name: string; readonly line: number }[] = [];

  private readonly statements: Readonly<Record<string, (place: Located) => Statement>> = {
    for: (place) => this.parseFor(place),
    if: (place) => this.parseIf(place),
    block: (place) => this.parseBlock(place),
    extends: (place) => ({ typename: 'Extends', template: this.parseExpression(), ...place }),
    print: (place) => this.parsePrint(place),
    macro: (place) => {
      const name = this.needName();
      return { typename: 'Macro', name, ...this.parseSignature(), body: this.parseBody('endmacro'), ...place };
    },
    include: (place) => this.parseInclude(place),
    from: (place) => this.parseFrom(place),
    import: (place) => {
      const template = this.parseExpression();
      if (!this.skipSymbol('as')) this.fail(`'as' is expected, but there is ${describeToken(this.peekToken())}`);
      const target = this.parseName().name;
      return { typename: 'Import', template, target, withContext: this.parseContext() ?? false, ...place };
    },
    set: (place) => this.parseSet(place),
    with: (place) => this.parseWith(place),
    autoescape: (place) => ({
      typename: 'AutoEscape',
      value: this.parseExpression(),
      body: this.parseBody('endautoescape'),
      ...place,
    }),
    call: (place) => this.parseCallBlock(place),
    filter: (place) => {
      const filter = this.parseFilterChain(null, true);
      if (filter === null) return this.fail('the name of a filter is expected');
      return { typename: 'FilterBlock', filter, body: this.parseBody('endfilter'), ...place };
    },
    do: (place) => ({ typename: 'ExpressionStatement', node: this.parseTuple(), ...place }),
    break: (place) => ({ typename: 'Break', ...place }),
    continue: (place) => ({ typename: 'Continue', ...place }),
  };

  /** Text, expressions and statements up to one of the tags that are waited for, which is the next token then. */
  override parseNodes(): Statement[] {
    const found: Statement[] = [];
    let output: Output['nodes'][number][] = [];
    const flush = (): void => {
      const [first] = output;
      if (first !== undefined)
        found.push({ typename: 'Output', nodes: output, lineno: first.lineno, colno: first.colno });
      output = [];
    };
    for (let token = this.nextToken(); token !== null; token = this.nextToken()) {
      const { lineno, colno } = token;
      if (token.type === lexer.TOKEN_DATA)
        output.push({ typename: 'TemplateData', data: String(token.value), lineno, colno });
      else if (token.type === lexer.TOKEN_VARIABLE_START) {
        output.push(this.parseTuple());
        this.need(lexer.TOKEN_VARIABLE_END, '}}');
      } else {
        flush();
        const tag = this.peekToken();
        if (tag?.type !== lexer.TOKEN_SYMBOL)
          this.fail(`the name of a tag is expected, but there is ${describeToken(tag)}`);
        const name = String(tag?.value);
        if (this.breakOnBlocks?.includes(name)) return found;
        found.push(this.parseTag(name));
        this.need(lexer.TOKEN_BLOCK_END, '%}');
      }
    }
    flush();
    return found;
  }

  private parseTag(name: string): Statement {
    const place = this.here();
    const parse = Object.hasOwn(this.statements, name) ? this.statements[name] : undefined;
    if (parse === undefined) return this.failAtTag(name);
    this.nextToken();
    this.open.push({ name, line: place.lineno + 1 });
    const statement = parse(place);
    this.open.pop();
    return statement;
  }

  private failAtTag(name: string): never {
    const inner = this.open.at(-1);
    const ends = this.breakOnBlocks ?? [];
    if (/^(?:end|el)/.test(name)) {
      if (inner === undefined) return this.fail(`'${name}' closes nothing: no tag is open here`);
      const waiting = `'${inner.name}' of line ${inner.line} is open, which goes on with ${quoted(ends)}`;
      return this.fail(`'${name}' does not belong here: ${waiting}`);
    }
    const near = closest(name, [...Object.keys(this.statements), ...ends]);
    return this.fail(`there is no tag '${name}'${near === undefined ? '' : ` (did you mean '${near}'?)`}`);
  }

  /**
   * The statements up to a closing tag.
   * @returns also the name of that tag, which is read
   */
  private parseUntil(...names: readonly string[]): { body: Statement[]; end: string } {
    this.skip(lexer.TOKEN_COLON);
    this.need(lexer.TOKEN_BLOCK_END, '%}');
    const body = this.parseUntilBlocks(...names).children as Statement[];
    const token = this.nextToken();
    if (token === null) {
      const inner = this.open.at(-1);
      return this.fail(
        `the template ends, but '${inner?.name}' of line ${inner?.line} is still open`,
        undefined,
        undefined,
        `close it with ${quoted(names)}`,
      );
    }
    return { body, end: String(token.value) };
  }

  private parseBody(end: string): Statement[] {
    return this.parseUntil(end).body;
  }

  private parseFor(place: Located): Statement {
    const target = this.parseTarget();
    if (!this.skipSymbol('in')) this.fail(`'in' is expected, but there is ${describeToken(this.peekToken())}`);
    const iter = this.parseTuple({ withConditional: false });
    const test = this.skipSymbol('if') ? this.parseExpression() : null;
    const recursive = this.skipSymbol('recursive');
    const { body, end } = this.parseUntil('endfor', 'else');
    const else_ = end === 'else' ? this.parseBody('endfor') : [];
    return { typename: 'For', target, iter, body, else_, test, recursive, ...place };
  }

  private parseIf(place: Located): If {
    const elif: If[] = [];
    const branch = (at: Located): { node: If; end: string } => {
      const test = this.parseTuple({ withConditional: false });
      const { body, end } = this.parseUntil('elif', 'else', 'endif');
      return { node: { typename: 'If', test, body, elif: [], else_: [], ...at }, end };
    };
    const first = branch(place);
    let { end } = first;
    while (end === 'elif') {
      const next = branch(this.here());
      elif.push(next.node);
      end = next.end;
    }
    return { ...first.node, elif, else_: end === 'else' ? this.parseBody('endif') : [] };
  }

  private parseBlock(place: Located): Block {
    const name = this.needName();
    const scoped = this.skipSymbol('scoped');
    const required = this.skipSymbol('required');
    if (this.isOperator('-')) this.fail("names of blocks have no '-'", undefined, undefined, "use '_'");
    const body = this.parseBody('endblock');
    const isEmpty = body.every(
      (node) =>
        node.typename === 'Output' &&
        node.nodes.every((part) => part.typename === 'TemplateData' && part.data.trim() === ''),
    );
    if (required && !isEmpty)
      this.fail('a required block has nothing but white space and comments in it', place.lineno, place.colno);
    this.skipSymbol(name);
    return { typename: 'Block', name, body, scoped, required, ...place };
  }

  private parsePrint(place: Located): Output {
    const nodes: Expression[] = [];
    while (this.peekToken()?.type !== lexer.TOKEN_BLOCK_END) {
      if (nodes.length > 0) this.need(lexer.TOKEN_COMMA, ',');
      nodes.push(this.parseExpression());
    }
    return { typename: 'Output', nodes, ...place };
  }

  private parseInclude(place: Located): Statement {
    const template = this.parseExpression();
    const ignoreMissing = this.isName('ignore') && this.look()?.value === 'missing';
    if (ignoreMissing) {
      this.nextToken();
      this.nextToken();
    }
    return { typename: 'Include', template, withContext: this.parseContext() ?? true, ignoreMissing, ...place };
  }

  private parseFrom(place: Located): FromImport {
    const template = this.parseExpression();
    if (!this.skipSymbol('import')) this.fail(`'import' is expected, but there is ${describeToken(this.peekToken())}`);
    const names: FromImport['names'][number][] = [];
    let withContext: boolean | undefined;
    for (;;) {
      if (names.length > 0) this.need(lexer.TOKEN_COMMA, ',');
      withContext = this.parseContext();
      if (withContext !== undefined) break;
      const at = this.here();
      const { name } = this.parseName();
      if (name.startsWith('_'))
        this.fail(`'${name}' can't be imported: names that begin with _ belong to their template`, at.lineno, at.colno);
      const alias = this.skipSymbol('as') ? this.parseName().name : name;
      names.push({ name, alias, place: at });
      withContext = this.parseContext();
      if (withContext !== undefined || this.peekToken()?.type !== lexer.TOKEN_COMMA) break;
    }
    return { typename: 'FromImport', template, names, withContext: withContext ?? false, ...place };
  }

  /** `with context` or `without context`. */
  private parseContext(): boolean | undefined {
    const isContext = (this.isName('with') || this.isName('without')) && this.look()?.value === 'context';
    if (!isContext) return undefined;
    const word = this.nextToken()?.value;
    this.nextToken();
    return word === 'with';
  }

  private parseSet(place: Located): Statement {
    const target = this.look()?.value === '.' ? this.parseNamespaceTarget() : this.parseTarget();
    if (this.skipOperator('=')) return { typename: 'Assign', target, node: this.parseTuple(), ...place };
    const filter = this.parseFilterChain(null);
    const node: AssignBlock = { typename: 'AssignBlock', target, filter, body: this.parseBody('endset'), ...place };
    return node;
  }

  private parseNamespaceTarget(): NamespaceTarget {
    const place = this.here();
    const name = this.needName();
    this.nextToken();
    return { typename: 'NamespaceTarget', name, attr: this.needName(), ...place };
  }

  private parseWith(place: Located): Statement {
    const targets: Target[] = [];
    const values: Expression[] = [];
    while (this.peekToken()?.type !== lexer.TOKEN_BLOCK_END) {
      if (targets.length > 0) this.need(lexer.TOKEN_COMMA, ',');
      targets.push(withUse(this.parseTarget(), 'param'));
      if (!this.skipOperator('=')) this.fail(`'=' is expected, but there is ${describeToken(this.peekToken())}`);
      values.push(this.parseExpression());
    }
    return { typename: 'With', targets, values, body: this.parseBody('endwith'), ...place };
  }

  private parseCallBlock(place: Located): Statement {
    const signature =
      this.peekToken()?.type === lexer.TOKEN_LEFT_PAREN ? this.parseSignature() : { args: [], defaults: [] };
    const call = this.parseExpression();
    if (call.typename !== 'Call')
      return this.fail("behind 'call', a macro is called: name(…)", call.lineno, call.colno);
    return { typename: 'CallBlock', call, ...signature, body: this.parseBody('endcall'), ...place };
  }

  private parseSignature(): Signature {
    const args: Name[] = [];
    const defaults: Expression[] = [];
    this.need(lexer.TOKEN_LEFT_PAREN, '(');
    while (this.peekToken()?.type !== lexer.TOKEN_RIGHT_PAREN) {
      if (args.length > 0) this.need(lexer.TOKEN_COMMA, ',');
      const arg = this.parseName();
      if (args.some(({ name }) => name === arg.name))
        this.fail(`argument '${arg.name}' is there twice`, arg.lineno, arg.colno);
      if (this.skipOperator('=')) defaults.push(this.parseExpression());
      else if (defaults.length > 0)
        this.fail(`argument '${arg.name}' needs a default, since one before it has one`, arg.lineno, arg.colno);
      args.push({ ...arg, ctx: 'param' });
    }
    this.need(lexer.TOKEN_RIGHT_PAREN, ')');
    return { args, defaults };
  }

  /** A name to assign to. */
  private parseName(): Name {
    const place = this.here();
    const name = this.needName();
    if (constantNames.has(name)) this.fail(`'${name}' can't be assigned to`, place.lineno, place.colno);
    return { typename: 'Name', name, ctx: 'store', ...place };
  }

  /** A name, or several with commas between them. */
  private parseTarget(): Target {
    const target = this.parseTuple({ simplified: true });
    if (!isTarget(target)) return this.fail('this can not be assigned to', target.lineno, target.colno, 'names can');
    return withUse(target, 'store');
  }
}

function isTarget(node: Expression): node is Target {
  return node.typename === 'Name' || (node.typename === 'Tuple' && node.items.every(isTarget));
}

function withUse(target: Target, ctx: Name['ctx']): Target {
  if (target.typename === 'Name') return { ...target, ctx };
  return { ...target, items: target.items.map((item) => (isTarget(item) ? withUse(item, ctx) : item)) };
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(' or ');
}

/**
 * Reads a template.
 * @throws SyntaxProblem
 */
export function parseTemplate(text: string, options: SyntaxOptions): Root {
  const source = normalise(text, options);
  const parser = new TemplateParser(new TokenList(tokenize(source, options), source));
  try {
    return { typename: 'Root', body: parser.parseNodes(), lineno: 0, colno: 0 };
  } catch (error) {
    if (error instanceof RangeError) throw new SyntaxProblem('this template is nested too deeply', 0, 0);
    throw error;
  }
}
