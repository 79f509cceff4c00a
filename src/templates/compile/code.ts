/**
 * nunjucks's compiler with functions, variables and places of its own. The code calls what runtime/operations.ts offers,
 * with a `$` before each name.
 */
import nunjucks from 'nunjucks/src/compiler.js';
import type { Located } from '../syntax/nodes.ts';
import { SyntaxProblem } from '../syntax/problem.ts';
import type { Frame } from './frame.ts';

/**
 * - `plain`: nothing but the text.
 * - `mapped`: also keeps where each part of the text comes from.
 * - `checked`: keeps the place of each step, and goes on behind what fails: to find and describe all that is wrong.
 */
export type Variant = 'plain' | 'mapped' | 'checked';

interface CodeFunction {
  /** Where in the code the declaration of its variables goes. */
  readonly head: number;
  readonly parameters: ReadonlySet<string>;
  readonly variables: Set<string>;
  /** Loops that are open, for `break` and `continue`. */
  loops: number;
}

/** A place as one number; lines and columns count from 0. */
export function packPlace({ lineno, colno }: Located): number {
  return lineno * 0x10000 + Math.min(colno, 0xffff);
}

/** Lines and columns count from 1. */
export function unpackPlace(place: number): { line: number; column: number } {
  return { line: Math.floor(place / 0x10000) + 1, column: (place % 0x10000) + 1 };
}

/** Thrown where what follows is never reached. */
export class Unreachable extends Error {}

export class CodeCompiler extends nunjucks.Compiler {
  protected readonly variant: Variant;
  private readonly functions: CodeFunction[] = [];
  /** Values that are made once, by the code that makes them. */
  private readonly constants = new Map<string, string>();

  constructor(path: string, variant: Variant) {
    super(path, true);
    this.variant = variant;
  }

  /** Lines and columns count from 0. */
  override fail(message: string, lineno = 0, colno = 0, hint?: string): never {
    throw new SyntaxProblem(message, lineno, colno, hint);
  }

  override getCode(): string {
    const constants = [...this.constants].map(([code, name]) => `const ${name}=${code};`);
    return `${constants.join('')}\n${super.getCode()}`;
  }

  protected constant(code: string): string {
    const known = this.constants.get(code);
    if (known !== undefined) return known;
    const name = `c_${this.constants.size}`;
    this.constants.set(code, name);
    return name;
  }

  /** The evaluation, as the last argument of an operation: when it is read, the operation's place is known. */
  protected at(node: Located): string {
    return this.variant === 'checked' ? `at(${packPlace(node)})` : 'E';
  }

  // Functions and their variables.

  protected beginFunction(head: string, parameters: readonly string[] = []): void {
    this._emitLine(head);
    this.functions.push({
      head: this.codebuf.length,
      parameters: new Set(parameters),
      variables: new Set(),
      loops: 0,
    });
    this._emit('');
  }

  protected endFunction(tail: string): void {
    const { head, variables } = this.code();
    this.functions.pop();
    if (variables.size > 0) this.codebuf[head] = `let ${[...variables].join(',')};\n`;
    this._emitLine(tail);
  }

  protected code(): CodeFunction {
    const code = this.functions.at(-1);
    if (code === undefined) throw new Error('there is code outside of functions');
    return code;
  }

  protected variable(name: string): string {
    const { parameters, variables } = this.code();
    if (!parameters.has(name)) variables.add(name);
    return name;
  }

  protected temporary(): string {
    return this.variable(this._tmpid());
  }

  // Scopes.

  protected enterFrame({ symbols, certain }: Frame): void {
    const undefinedRefs: string[] = [];
    for (const [ref, load] of symbols.loads) {
      this.variable(ref);
      if (load.kind === 'resolve') this._emit(`${ref}=context.resolve(${quote(load.name)});`);
      else if (load.kind === 'alias') {
        this._emit(`${ref}=${load.ref};`);
        if (certain.has(load.ref)) certain.add(ref);
      } else if (load.kind === 'undefined') undefinedRefs.push(ref);
    }
    if (undefinedRefs.length > 0) this._emit(`${undefinedRefs.join('=')}=undefined;`);
  }

  protected leaveFrame({ symbols }: Frame): void {
    const refs = [...symbols.loads.keys()];
    if (refs.length > 0) this._emitLine(`${refs.join('=')}=undefined;`);
  }

  // Output.

  /** Makes a variable that output is gathered in: a text, or one that knows where it comes from. */
  protected openBuffer(): string {
    const buffer = this.temporary();
    this._emitLine(`${buffer}=${this.variant === 'mapped' ? '$traced(E,PATH)' : '""'};`);
    return buffer;
  }

  /** What was gathered. */
  protected bufferText(buffer: string): string {
    return this.variant === 'mapped' ? `${buffer}.done()` : buffer;
  }

  protected appendText({ buffer }: Frame, text: string, { lineno }: Located): void {
    const add = text.includes('\n') ? 'addLines' : 'addText';
    if (this.variant === 'mapped') this._emitLine(`${buffer}.${add}(${quote(text)},${lineno + 1});`);
    else this._emitLine(`${buffer}+=${quote(text)};`);
  }

  /** @param emitValue emits an expression that gives text */
  protected appendValue({ buffer }: Frame, emitValue: () => void, { lineno }: Located): void {
    const isMapped = this.variant === 'mapped';
    this._emit(isMapped ? `${buffer}.addValue(` : `${buffer}+=`);
    emitValue();
    this._emitLine(isMapped ? `,${lineno + 1});` : ';');
  }

  protected compileAll(nodes: readonly { readonly typename: string }[], frame: Frame): void {
    try {
      for (const node of nodes) this.compile(node, frame);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
    }
  }

  // Errors.

  /** In checked code, goes on behind a statement that fails. @param recover code that runs then */
  protected guarded(emitStatement: () => void, recover: () => string = () => ''): void {
    if (this.variant !== 'checked') {
      emitStatement();
      return;
    }
    this._emitLine('try{');
    emitStatement();
    this._emitLine(`}catch(e){$note(E,e);${recover()}}`);
  }
}

/**
 * What stands around the items of a list; a call can't have any number of arguments. Code of templates runs a few times each and is not optimised, which makes a
 * literal with items to fill in several steps; the function `$list` is optimised, since all templates share it.
 */
export function listBrackets(count: number, isConstant = false): readonly [open: string, close: string] {
  return isConstant || count > 32 ? ['[', ']'] : ['$list(', ')'];
}

/** Text as a literal of JavaScript. */
export function quote(text: string): string {
  return JSON.stringify(text);
}
