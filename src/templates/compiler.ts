/**
 * nunjucks's compiler with three differences: an undefined name or member is reported with its place, members are own
 * properties only, and the place of an include is known.
 */
import compilerModule from 'nunjucks/src/compiler.js';
import type { CompileFrame, TemplateNode } from 'nunjucks/src/nodes.js';
import parser from 'nunjucks/src/parser.js';
import transformer from 'nunjucks/src/transformer.js';

const { Compiler } = compilerModule;

/** Stand around the template line of the text that follows: text of the template itself, or what an expression gave. */
export const marks = { text: '\u0000\u0002', expression: '\u0000\u0003' } as const;

/** Tests and filters that are there to look at what may be undefined. */
const lenientTests = new Set(['defined', 'undefined']);
const lenientFilters = new Set(['default', 'd']);

/** The code calls these members of the environment. */
export interface CodeHost {
  undefinedName(name: string, value: unknown, path: string, line: number, column: number): unknown;
  member(target: unknown, key: unknown, path: string, line: number, column: number, lenient: boolean): unknown;
  /** Takes note of an error at a line and column from 0, and returns what is to be passed on. */
  failed(error: unknown, path: string, line: number, column: number): unknown;
}

class StrictCompiler extends Compiler {
  private readonly lenient = new WeakSet<TemplateNode>();
  private including: TemplateNode | undefined;
  /** The template's lines where the rendered text is to be marked. */
  source: readonly string[] | undefined;
  /** Text that is captured may be changed, measured or compared before it is output, so it gets no marks. */
  private captures = 0;

  override compileSymbol(node: TemplateNode, frame: CompileFrame): void {
    const name = String(node.value);
    const known = frame.lookup(name);
    const lookup =
      known ||
      (name in Object.prototype ? 'undefined' : `runtime.contextOrFrameLookup(context, frame, ${quote(name)})`);
    if (this.lenient.has(node)) this._emit(lookup);
    else this._emit(`((${lookup}) ?? env.undefinedName(${quote(name)}, (${lookup}), ${this.at(node)}))`);
  }

  override compileLookupVal(node: TemplateNode, frame: CompileFrame): void {
    const { target, val } = node;
    if (target === undefined || val === undefined) {
      super.compileLookupVal(node, frame);
      return;
    }
    const lenient = this.lenient.has(node);
    if (lenient) this.lenient.add(target);
    this._emit('env.member((');
    this._compileExpression(target, frame);
    this._emit('),(');
    this._compileExpression(val, frame);
    this._emit(`), ${this.at(val)}, ${String(lenient)})`);
  }

  override compileIs(node: TemplateNode, frame: CompileFrame): void {
    const test = node.right?.name?.value ?? node.right?.value;
    if (node.left !== undefined && lenientTests.has(String(test))) this.lenient.add(node.left);
    super.compileIs(node, frame);
  }

  override compileFilter(node: TemplateNode, frame: CompileFrame): void {
    const [subject] = node.args?.children ?? [];
    if (subject !== undefined && lenientFilters.has(String(node.name?.value))) this.lenient.add(subject);
    this._emit(`(lineno = ${node.lineno}, colno = ${node.colno}, `);
    super.compileFilter(node, frame);
    this._emit(')');
  }

  override compileOutput(node: TemplateNode, frame: CompileFrame): void {
    if (this.source === undefined || this.captures > 0) {
      super.compileOutput(node, frame);
      return;
    }
    const children = node.children ?? [];
    for (const child of children) {
      this.mark(child);
      node.children = [child];
      super.compileOutput(node, frame);
    }
    node.children = children;
  }

  override compileInclude(node: TemplateNode, frame: CompileFrame): void {
    this.mark(node);
    super.compileInclude(node, frame);
  }

  override compileCapture(node: TemplateNode, frame: CompileFrame): void {
    this.captures += 1;
    super.compileCapture(node, frame);
    this.captures -= 1;
  }

  /** Of macros and call blocks. */
  override _compileMacro(node: TemplateNode, frame?: CompileFrame): string {
    this.captures += 1;
    const name = super._compileMacro(node, frame);
    this.captures -= 1;
    return name;
  }

  /** As nunjucks does it, but with the template's name. */
  override _emitFuncEnd(noReturn?: boolean): void {
    if (noReturn !== true) this._emitLine(`cb(null, ${this.buffer});`);
    this._closeScopeLevels();
    this._emitLine(`} catch (e) { cb(env.failed(e, ${quote(this.templateName)}, lineno, colno)); }`);
    this._emitLine('}');
    this.buffer = null;
  }

  override _compileGetTemplate(
    node: TemplateNode,
    frame: CompileFrame,
    eager: boolean,
    ignoreMissing: boolean,
  ): string {
    this.including = node;
    return super._compileGetTemplate(node, frame, eager, ignoreMissing);
  }

  /** nunjucks hands the name of the template that includes to the environment; its line goes with it. */
  override _templateName(): string {
    const { lineno = 0, colno = 0 } = this.including ?? {};
    return quote(JSON.stringify([this.templateName, lineno + 1, colno + 1]));
  }

  private at({ lineno, colno }: TemplateNode): string {
    return `${quote(this.templateName)}, ${lineno + 1}, ${colno + 1}`;
  }

  private mark(node: TemplateNode): void {
    if (this.source === undefined || this.captures > 0) return;
    const isText = node.typename === 'TemplateData';
    const line = node.lineno + 1 + (isText ? droppedLines(node, this.source) : 0);
    const around = isText ? marks.text : marks.expression;
    this._emitLine(`${this.buffer} += ${quote(`${around}${line}${around}`)};`);
  }
}

/** The line feeds that `-%}` in front of a text took away. */
function droppedLines({ lineno, colno, value }: TemplateNode, source: readonly string[]): number {
  const rest = [source[lineno]?.slice(colno) ?? '', ...source.slice(lineno + 1)].join('\n');
  const [space = ''] = /^\s*/.exec(rest) ?? [];
  return String(value).startsWith(space) ? 0 : space.split('\n').length - 1;
}

/** A template's text as the properties of a nunjucks template: its root and its blocks as functions. */
export function compileTemplate(text: string, path: string, marked: boolean): object {
  const compiler = new StrictCompiler(path, true);
  if (marked) compiler.source = text.split('\n');
  compiler.compile(transformer.transform(parser.parse(text, [], {}), [], path));
  const properties: object = new Function(compiler.getCode())();
  return properties;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
