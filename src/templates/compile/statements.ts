/** Code of statements: the first half of jinja2/compiler.py (3.1). */
import type {
  Assign,
  AssignBlock,
  AutoEscape,
  CallBlock,
  Expression,
  ExpressionStatement,
  FilterBlock,
  For,
  If,
  Located,
  LoopControl,
  Macro,
  Name,
  NamespaceTarget,
  Output,
  Statement,
  Target,
  With,
} from '../syntax/nodes.ts';
import { hasBelow } from '../syntax/nodes.ts';
import { quote } from './code.ts';
import { ExpressionCompiler } from './expressions.ts';
import type { Frame } from './frame.ts';
import { analyze, undeclared } from './symbols.ts';

/** Thrown where what follows is never reached. */
export class Unreachable extends Error {}

export class StatementCompiler extends ExpressionCompiler {
  /** An `extends` was met that is not inside of a condition. */
  protected hasKnownExtends = false;

  protected compileAll(nodes: readonly Statement[], frame: Frame): void {
    try {
      for (const node of nodes) this.compile(node, frame);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
    }
  }

  compileOutput({ nodes }: Output, frame: Frame): void {
    if (frame.requireOutputCheck) {
      if (this.hasKnownExtends) return;
      this._emitLine('if(parent===null){');
    }
    for (const node of nodes) {
      if (node.typename === 'TemplateData') this.appendText(frame, node.data, node);
      else this.guarded(() => this.appendValue(frame, () => this.emitText(node, frame), node));
    }
    if (frame.requireOutputCheck) this._emitLine('}');
  }

  compileIf(node: If, outer: Frame): void {
    const frame = outer.soft();
    const branch = ({ test, body }: If): void => {
      this._emit('if');
      this.emitTruth(test, frame);
      this._emitLine('){');
      this.compileAll(body, frame);
      this._emit('}');
    };
    this.guarded(() => {
      branch(node);
      for (const elif of node.elif) {
        this._emit('else ');
        branch(elif);
      }
      if (node.else_.length > 0) {
        this._emitLine('else{');
        this.compileAll(node.else_, frame);
        this._emit('}');
      }
      this._emitLine('');
    });
  }

  compileFor(node: For, frame: Frame): void {
    const loopFrame = frame.inner();
    loopFrame.loopFrame = true;
    const testFrame = frame.inner('t');
    if (node.test !== null) analyze(testFrame.symbols, node, 'test');
    const elseFrame = frame.inner();
    const extended =
      node.recursive ||
      undeclared(node.body, ['loop']).has('loop') ||
      hasBelow(node, (child) => child.typename === 'Block' && child.scoped);
    const loopRef = extended ? loopFrame.symbols.declareParameter('loop') : undefined;
    analyze(loopFrame.symbols, node, 'body');
    if (node.else_.length > 0) analyze(elseFrame.symbols, node, 'else');
    if (hasBelow(node, (child) => child.typename === 'Name' && child.ctx === 'store' && child.name === 'loop'))
      this.fail("'loop' can't be set inside of a loop", node.lineno, node.colno, 'take another name');

    this.guarded(() => {
      // Where nothing can look ahead, each item is tested when its turn comes.
      const filter = node.test !== null && extended ? this.emitLoopFilter(node, node.test, testFrame) : undefined;
      if (node.recursive) this.emitRecursiveLoop(node, filter, loopRef, frame, loopFrame, elseFrame);
      else {
        const emitItems = (): void => this.compile(node.iter, frame);
        this.emitLoop(node, filter ?? testFrame, emitItems, loopRef, 'null', loopFrame, elseFrame);
        this.leaveFrame(loopFrame);
        this.emitElse(node, elseFrame);
      }
    });
    for (const name of loopFrame.symbols.stores) this.assigned.at(-1)?.delete(name);
  }

  /** The condition of a loop, as a generator of the items that fulfil it. */
  private emitLoopFilter(node: For, test: Expression, testFrame: Frame): string {
    const name = this._tmpid();
    this.beginFunction(`const ${name}=function*(items){`);
    this.enterFrame(testFrame);
    const item = this.temporary();
    this._emitLine(`for(${item} of $.each(items,${this.at(node.iter)})){$.tick(E,0);`);
    this.emitAssign(node.target, item, testFrame);
    this._emit('if');
    this.emitTruth(test, testFrame);
    this._emit(')yield ');
    this.compile(node.target, testFrame);
    this._emitLine(';}');
    this.endFunction('};');
    return name;
  }

  private emitRecursiveLoop(
    node: For,
    filter: string | undefined,
    loopRef: string | undefined,
    frame: Frame,
    loopFrame: Frame,
    elseFrame: Frame,
  ): void {
    const name = this._tmpid();
    this.beginFunction(`const ${name}=(items,depth)=>{`);
    loopFrame.buffer = this.openBuffer();
    elseFrame.buffer = loopFrame.buffer;
    this.emitLoop(node, filter ?? loopFrame, () => this._emit('items'), loopRef, name, loopFrame, elseFrame);
    this.emitElse(node, elseFrame);
    this.endFunction(`return $.captured(${this.bufferText(loopFrame.buffer)},E);};`);
    const emitCall = (): void => {
      this._emit(`$.blockText(${name}(`);
      this.compile(node.iter, frame);
      this._emit(`,0),${this.at(node)})`);
    };
    this.appendValue(frame, emitCall, node);
  }

  private emitLoop(
    node: For,
    filter: string | Frame,
    emitItems: () => void,
    loopRef: string | undefined,
    recurse: string,
    loopFrame: Frame,
    elseFrame: Frame,
  ): void {
    const test = typeof filter === 'string' ? null : node.test;
    const emitFiltered = (): void => {
      if (typeof filter === 'string') this._emit(`${filter}(`);
      emitItems();
      if (typeof filter === 'string') this._emit(')');
    };
    if (node.else_.length > 0) this._emitLine(`${this.untouched(elseFrame)}=true;`);
    const item = this.temporary();
    const tick = `$.tick(E,${loopFrame.buffer}.length);`;
    if (loopRef === undefined) {
      if (typeof filter !== 'string' && test !== null) this.enterFrame(filter);
      this._emit(`for(${item} of $.each(`);
      emitItems();
      this._emitLine(`,${this.at(node.iter)})){${tick}`);
    } else {
      const loop = this.temporary();
      this._emit(`${this.variable(loopRef)}=undefined;${loop}=new $.LoopContext(`);
      emitFiltered();
      this._emitLine(`,${recurse},${recurse === 'null' ? '0' : 'depth'},${this.at(node.iter)});`);
      this._emitLine(`while(${loop}.advance()){${tick}${loopRef}=${loop};${item}=${loop}.current;`);
    }
    this.code().loops += 1;
    if (typeof filter !== 'string' && test !== null) {
      this.emitAssign(node.target, item, filter);
      this._emit('if(!');
      this.emitTruth(test, filter);
      this._emitLine('))continue;');
      this.emitCopies(node.target, filter, loopFrame);
    } else this.emitAssign(node.target, item, loopFrame);
    this.enterFrame(loopFrame);
    this.compileAll(node.body, loopFrame);
    if (node.else_.length > 0) this._emitLine(`${this.untouched(elseFrame)}=false;`);
    this._emitLine('}');
    this.code().loops -= 1;
  }

  /** Hands the names of a loop from its condition on to its body. */
  private emitCopies(target: Expression, from: Frame, to: Frame): void {
    if (target.typename === 'Tuple') for (const item of target.items) this.emitCopies(item, from, to);
    else if (target.typename === 'Name')
      this._emitLine(`${this.variable(to.symbols.ref(target.name))}=${from.symbols.ref(target.name)};`);
  }

  private emitElse(node: For, elseFrame: Frame): void {
    if (node.else_.length === 0) return;
    this._emitLine(`if(${this.untouched(elseFrame)}){`);
    this.enterFrame(elseFrame);
    this.compileAll(node.else_, elseFrame);
    this.leaveFrame(elseFrame);
    this._emitLine('}');
  }

  private readonly indicators = new WeakMap<Frame, string>();

  /** The variable that says whether a loop went through no item. */
  private untouched(elseFrame: Frame): string {
    const name = this.indicators.get(elseFrame) ?? this.temporary();
    this.indicators.set(elseFrame, name);
    return name;
  }

  compileBreak(node: LoopControl): void {
    this.emitLoopControl('break', node);
  }

  compileContinue(node: LoopControl): void {
    this.emitLoopControl('continue', node);
  }

  private emitLoopControl(word: string, { lineno, colno }: Located): void {
    if (this.code().loops === 0) this.fail(`'${word}' is outside of a loop`, lineno, colno);
    this._emitLine(`${word};`);
  }

  compileWith(node: With, outer: Frame): void {
    const frame = outer.inner();
    analyze(frame.symbols, node);
    this.guarded(() => {
      this.enterFrame(frame);
      for (const [index, target] of node.targets.entries()) {
        const value = node.values[index];
        if (value === undefined) continue;
        this.guarded(
          () => this.emitAssignOf(target, value, frame, outer),
          () => this.poison(target, frame),
        );
      }
      this.compileAll(node.body, frame);
      this.leaveFrame(frame);
    });
  }

  compileExpressionStatement({ node }: ExpressionStatement, frame: Frame): void {
    this.guarded(() => {
      this.compile(node, frame);
      this._emitLine(';');
    });
  }

  // Assignments.

  compileAssign({ target, node }: Assign, frame: Frame): void {
    this.assigned.push(new Set());
    this.guarded(
      () => this.emitAssignOf(target, node, frame, frame),
      () => this.poison(target, frame),
    );
    this.publishAssigned(frame);
  }

  compileAssignBlock(node: AssignBlock, outer: Frame): void {
    this.assigned.push(new Set());
    const frame = outer.inner();
    frame.requireOutputCheck = false;
    analyze(frame.symbols, node);
    this.enterFrame(frame);
    frame.buffer = this.openBuffer();
    this.compileAll(node.body, frame);
    const value = this.temporary();
    this.guarded(
      () => {
        this._emit(`${value}=$.captured(`);
        if (node.filter === null) this._emit(this.bufferText(frame.buffer));
        else this.compile(node.filter, frame);
        this._emitLine(',E);');
        this.emitAssign(node.target, value, outer);
      },
      () => this.poison(node.target, outer),
    );
    this.publishAssigned(outer);
    this.leaveFrame(frame);
  }

  private emitAssignOf(target: Target | NamespaceTarget, node: Expression, frame: Frame, valueFrame: Frame): void {
    const value = this.temporary();
    this._emit(`${value}=`);
    this.compile(node, valueFrame);
    this._emitLine(';');
    this.emitAssign(target, value, frame);
  }

  /** Sets a target to the value of a variable of the code. */
  protected emitAssign(target: Target | NamespaceTarget, value: string, frame: Frame): void {
    switch (target.typename) {
      case 'Name':
        this.variable(frame.symbols.ref(target.name));
        this.compileName(target, frame);
        this._emitLine(`=${value};`);
        break;
      case 'NamespaceTarget': {
        const ref = frame.symbols.ref(target.name);
        this._emitLine(
          `$.setAttribute(${ref},${quote(target.name)},${quote(target.attr)},${value},${this.at(target)});`,
        );
        break;
      }
      case 'Tuple': {
        const parts = this.temporary();
        this._emitLine(`${parts}=$.unpack(${value},${target.items.length},${this.at(target)});`);
        for (const [index, item] of target.items.entries())
          this.emitAssign(item as Target, `${parts}[${index}]`, frame);
      }
    }
  }

  /** What is set to a value that could not be had is not reported again. */
  private poison(target: Target | NamespaceTarget, frame: Frame): string {
    if (target.typename === 'Name') return `${frame.symbols.ref(target.name)}=$.poison(E);`;
    if (target.typename === 'Tuple') return target.items.map((item) => this.poison(item as Name, frame)).join('');
    return `$.poisonAttribute(${frame.symbols.ref(target.name)},${quote(target.attr)},E);`;
  }

  /** What is set at the top of a template is part of the context, and what of it has no leading _ can be imported. */
  private publishAssigned(frame: Frame): void {
    const names = [...(this.assigned.pop() ?? [])];
    if (!frame.toplevel || frame.loopFrame || frame.blockFrame) return;
    for (const name of names) this.emitPublish(name, frame);
  }

  protected emitPublish(name: string, frame: Frame): void {
    this._emit(`context.vars.set(${quote(name)},${frame.symbols.ref(name)});`);
    if (!name.startsWith('_')) this._emit(`context.exported.add(${quote(name)});`);
    this._emitLine('');
  }

  // Macros and captured text.

  compileMacro(node: Macro, frame: Frame): void {
    const code = this.emitMacro(node, node.name, frame);
    this._emitLine(`${this.variable(frame.symbols.ref(node.name))}=${code};`);
    if (frame.toplevel) this.emitPublish(node.name, frame);
  }

  compileCallBlock(node: CallBlock, frame: Frame): void {
    const caller = this.temporary();
    this._emitLine(`${caller}=${this.emitMacro(node, null, frame)};`);
    const emitCall = (): void => {
      this._emit('$.blockText(');
      this.compileCall(node.call, frame, caller);
      this._emit(`,${this.at(node)})`);
    };
    this.guarded(() => this.appendValue(frame, emitCall, node));
  }

  /** Emits the function of a macro. @returns code that makes the macro */
  private emitMacro(node: Macro | CallBlock, name: string | null, outer: Frame): string {
    const frame = outer.inner();
    analyze(frame.symbols, node);
    const names = node.args.map((arg) => arg.name);
    const parameters = names.map((arg) => frame.symbols.ref(arg));
    const wanted = undeclared(node.body, ['caller', 'kwargs', 'varargs']);
    const special = { caller: wanted.has('caller'), kwargs: false, varargs: false };
    if (special.caller) {
      const explicit = names.indexOf('caller');
      if (explicit < 0) parameters.push(frame.symbols.declareParameter('caller'));
      else if (explicit < names.length - node.defaults.length)
        this.fail("the argument 'caller' needs a default", node.lineno, node.colno, 'write caller=none');
    }
    for (const key of ['kwargs', 'varargs'] as const) {
      special[key] = wanted.has(key) && !names.includes(key);
      if (special[key]) parameters.push(frame.symbols.declareParameter(key));
    }
    frame.requireOutputCheck = false;
    analyze(frame.symbols, node);
    const body = this._tmpid();
    this.beginFunction(`const ${body}=(${parameters.join(',')})=>{`, parameters);
    frame.buffer = this.openBuffer();
    this.enterFrame(frame);
    this.emitDefaults(node, frame);
    this.compileAll(node.body, frame);
    this.endFunction(`return ${this.bufferText(frame.buffer)};};`);
    const { kwargs, varargs, caller } = special;
    const list = this.constant(JSON.stringify(names));
    return `new $.Macro(${JSON.stringify(name)},${body},${list},${kwargs},${varargs},${caller},context)`;
  }

  private emitDefaults({ args, defaults }: Macro | CallBlock, frame: Frame): void {
    const pending = new Set([...frame.symbols.loads].flatMap(([ref, { kind }]) => (kind === 'parameter' ? [ref] : [])));
    this.pendingArguments.push(pending);
    for (const [index, { name, lineno, colno }] of args.entries()) {
      const ref = frame.symbols.ref(name);
      this._emit(`if(${ref}===undefined)${ref}=`);
      const value = defaults[index - args.length + defaults.length];
      if (value === undefined) this._emit(`$.missingArgument(${quote(name)},${this.at({ lineno, colno })})`);
      else this.compile(value, frame);
      this._emitLine(';');
      pending.delete(ref);
    }
    this.pendingArguments.pop();
  }

  compileFilterBlock(node: FilterBlock, outer: Frame): void {
    const frame = outer.inner();
    analyze(frame.symbols, node);
    this.enterFrame(frame);
    frame.buffer = this.openBuffer();
    this.compileAll(node.body, frame);
    const emitFiltered = (): void => {
      this._emit('$.blockText(');
      this.compile(node.filter, frame);
      this._emit(`,${this.at(node)})`);
    };
    this.guarded(() => this.appendValue(outer, emitFiltered, node));
    this.leaveFrame(frame);
  }

  compileAutoEscape(node: AutoEscape, outer: Frame): void {
    const before = this.escaping;
    const saved = this.temporary();
    const frame = outer.inner();
    analyze(frame.symbols, node);
    this.enterFrame(frame);
    this._emit(`${saved}=E.autoescape;E.autoescape=`);
    this.emitTruth(node.value, frame);
    this._emitLine(');');
    const { value } = node;
    this.escaping = value.typename === 'Const' ? (value.value ? 'on' : 'off') : 'unknown';
    this.compileAll(node.body, frame);
    this.escaping = before;
    this._emitLine(`E.autoescape=${saved};`);
    this.leaveFrame(frame);
  }
}
