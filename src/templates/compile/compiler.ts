/** Code of templates: what they are made of, and what they take from others. */

import type { SyntaxOptions } from '../syntax/lexer.ts';
import type { Block, Extends, FromImport, Import, Include, Node, Root } from '../syntax/nodes.ts';
import { eachChild, hasBelow } from '../syntax/nodes.ts';
import { parseTemplate } from '../syntax/parser.ts';
import { listBrackets, quote, Unreachable, type Variant } from './code.ts';
import type { KnownNames } from './expressions.ts';
import { Frame } from './frame.ts';
import { StatementCompiler } from './statements.ts';
import { analyze, codeName, Symbols, undeclared } from './symbols.ts';

class TemplateCompiler extends StatementCompiler {
  private readonly blocks = new Map<string, Block>();
  private extendsSoFar = 0;

  /** The body of a function that gives a template's functions. */
  compileTemplate(root: Root): string {
    const hasExtends = hasBelow(root, ({ typename }) => typename === 'Extends');
    this.findBlocks(root);
    this.beginTemplateFunction('root');
    const frame = new Frame(new Symbols(), this.openBuffer());
    if (undeclared(root.body, ['self']).has('self'))
      this._emitLine(`${this.variable(frame.symbols.declareParameter('self'))}=new $TemplateReference(context);`);
    analyze(frame.symbols, root);
    frame.toplevel = true;
    frame.rootlevel = true;
    frame.requireOutputCheck = hasExtends;
    if (hasExtends) this._emitLine(`${this.variable('parent')}=null;`);
    this.enterFrame(frame);
    this.compileAll(root.body, frame);
    if (hasExtends) {
      this._emit('if(parent!==null)');
      this.appendValue(frame, () => this._emit('$renderParent(context,parent)'), root);
    }
    this.endFunction(`return ${this.bufferText(frame.buffer)};});`);
    for (const block of this.blocks.values()) this.compileBlockFunction(block);
    const blocks = [...this.blocks.keys()].map((name) => `[${quote(name)},block_${codeName(name)}]`);
    const names = this.variant === 'checked' ? JSON.stringify([...namesIn(root)]) : '[]';
    this._emitLine(`return{root,blocks:[${blocks.join(',')}],names:${names}};`);
    return `${this.getCode()}\n//# sourceURL=template:${encodeURI(this.templateName)}`;
  }

  private beginTemplateFunction(name: string): void {
    // In parentheses, since it is going to be called: then it is compiled once, not twice.
    this.beginFunction(`const ${name}=((context)=>{const E=context.evaluation;`);
    if (this.variant === 'checked') this._emitLine('const at=(place)=>E.at(PATH,place);');
  }

  private findBlocks(node: Node): void {
    eachChild(node, (child) => {
      if (child.typename === 'Block') {
        if (this.blocks.has(child.name)) this.fail(`block '${child.name}' is there twice`, child.lineno, child.colno);
        this.blocks.set(child.name, child);
      }
      this.findBlocks(child);
    });
  }

  private compileBlockFunction(block: Block): void {
    const name = `block_${codeName(block.name)}`;
    this.beginTemplateFunction(name);
    const frame = new Frame(new Symbols(), this.openBuffer());
    frame.blockFrame = true;
    const wanted = undeclared(block.body, ['self', 'super']);
    if (wanted.has('self'))
      this._emitLine(`${this.variable(frame.symbols.declareParameter('self'))}=new $TemplateReference(context);`);
    if (wanted.has('super'))
      this._emitLine(
        `${this.variable(frame.symbols.declareParameter('super'))}=$superBlock(context,${quote(block.name)},${name});`,
      );
    analyze(frame.symbols, block);
    this.enterFrame(frame);
    this.compileAll(block.body, frame);
    this.endFunction(`return ${this.bufferText(frame.buffer)};});`);
  }

  compileBlock(node: Block, frame: Frame): void {
    if (frame.toplevel && this.hasKnownExtends) return;
    const isChecked = frame.toplevel && this.extendsSoFar > 0;
    if (isChecked) this._emitLine('if(parent===null){');
    const context = node.scoped ? `context.derived(${this.locals(frame)})` : 'context';
    const emitBlock = (): void =>
      this._emit(`$renderBlock(${context},${quote(node.name)},${node.required},${this.at(node)})`);
    this.guarded(() => this.appendValue(frame, emitBlock, node));
    if (isChecked) this._emitLine('}');
  }

  compileExtends(node: Extends, frame: Frame): void {
    const { lineno, colno } = node;
    if (!frame.toplevel) this.fail("'extends' stands outside of loops, blocks and macros", lineno, colno);
    if (this.extendsSoFar > 0) {
      this._emitLine(`${this.hasKnownExtends ? '' : 'if(parent!==null)'}$extendedTwice(${this.at(node)});`);
      if (this.hasKnownExtends) throw new Unreachable();
    }
    this._emit('parent=$extend(context,');
    this.compile(node.template, frame);
    this._emitLine(`,PATH,${this.at(node.template)});`);
    if (frame.rootlevel) this.hasKnownExtends = true;
    this.extendsSoFar += 1;
  }

  compileInclude(node: Include, frame: Frame): void {
    const emitInclude = (): void => {
      this._emit('$include(context,');
      this.compile(node.template, frame);
      const locals = node.withContext ? this.locals(frame) : 'null';
      this._emit(`,${locals},${node.ignoreMissing},PATH,${this.at(node.template)})`);
    };
    this.guarded(() => this.appendValue(frame, emitInclude, node));
  }

  compileImport(node: Import, frame: Frame): void {
    const ref = this.variable(frame.symbols.ref(node.target));
    this.guarded(
      () => {
        this._emit(`${ref}=`);
        this.emitModule(node, frame);
        this._emitLine(';');
      },
      () => `${ref}=$poison(E);`,
    );
    frame.certain.add(ref);
    if (frame.toplevel) this.emitImported(node.target, frame);
  }

  compileFromImport(node: FromImport, frame: Frame): void {
    const module = this.temporary();
    this.guarded(
      () => {
        this._emit(`${module}=`);
        this.emitModule(node, frame);
        this._emitLine(';');
      },
      () => `${module}=null;`,
    );
    for (const { name, alias, place } of node.names) {
      const ref = this.variable(frame.symbols.ref(alias));
      this._emitLine(`${ref}=$importedName(${module},${quote(name)},${this.at(place)});`);
      frame.certain.add(ref);
    }
    if (frame.toplevel) for (const { alias } of node.names) this.emitImported(alias, frame);
  }

  private emitModule(node: Import | FromImport, frame: Frame): void {
    this._emit('$importTemplate(context,');
    this.compile(node.template, frame);
    this._emit(`,${node.withContext ? this.locals(frame) : 'null'},PATH,${this.at(node.template)})`);
  }

  /** What is imported is part of the context, but can't be imported from here. */
  private emitImported(name: string, frame: Frame): void {
    this._emitLine(`context.publishImported(${quote(name)},${frame.symbols.ref(name)});`);
  }

  /** What is set in this scope and those around it: each name and its value. */
  private locals(frame: Frame): string {
    const pairs = frame.symbols.allStores().map(([name, ref]) => `${quote(name)},${ref}`);
    const [open, close] = listBrackets(2 * pairs.length);
    return open + pairs.join(',') + close;
  }
}

/** All names that a template sets somewhere. */
function namesIn(root: Root): Set<string> {
  const names = new Set<string>();
  const visit = (node: Node): void => {
    if (node.typename === 'Name' && node.ctx !== 'load') names.add(node.name);
    else if (node.typename === 'Macro') names.add(node.name);
    else if (node.typename === 'Import') names.add(node.target);
    else if (node.typename === 'FromImport') for (const { alias } of node.names) names.add(alias);
    eachChild(node, visit);
  };
  visit(root);
  return names;
}

/**
 * A template as code: the body of a function that gets the operations with a `$` before their names, `filters`, `tests`
 * and `PATH`.
 * @throws SyntaxProblem
 */
export function compileToCode(
  text: string,
  path: string,
  variant: Variant,
  options: SyntaxOptions,
  known: KnownNames,
): string {
  const root = parseTemplate(text, options);
  return new TemplateCompiler(path, variant, known).compileTemplate(root);
}
