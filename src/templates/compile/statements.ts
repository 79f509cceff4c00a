/** Code of statements: the first half of jinja2/compiler.py (3.1). */
import type {
  AssignBlock,
  AutoEscape,
  CallBlock,
  ExpressionStatement,
  FilterBlock,
  If,
  Macro,
  Output,
  With,
} from '../syntax/nodes.ts';
import { quote } from './code.ts';
import type { Frame } from './frame.ts';
import { LoopCompiler } from './loops.ts';
import { analyze, undeclared } from './symbols.ts';

export class StatementCompiler extends LoopCompiler {
  /** An `extends` was met that is not inside of a condition. */
  protected hasKnownExtends = false;

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
    const branch = ({ test, body }: If): void => {
      const frame = outer.soft();
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
        this.compileAll(node.else_, outer.soft());
        this._emit('}');
      }
      this._emitLine('');
    });
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

  // Macros and captured text.

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
        this._emit(`${value}=$captured(`);
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

  compileMacro(node: Macro, frame: Frame): void {
    const code = this.emitMacro(node, node.name, frame);
    const ref = this.variable(frame.symbols.ref(node.name));
    this._emitLine(`${ref}=${code};`);
    frame.certain.add(ref);
    if (frame.toplevel) this.emitPublish(node.name, frame);
  }

  compileCallBlock(node: CallBlock, frame: Frame): void {
    const caller = this.temporary();
    this._emitLine(`${caller}=${this.emitMacro(node, null, frame)};`);
    const emitCall = (): void => {
      this._emit('$blockText(');
      this.compileCall(node.call, frame, caller);
      this._emit(`,${this.at(node)})`);
    };
    this.guarded(() => this.appendValue(frame, emitCall, node));
  }

  /** Emits the function of a macro. @returns code that makes the macro */
  private emitMacro(node: Macro | CallBlock, name: string | null, outer: Frame): string {
    const frame = outer.inner();
    // A macro may be called where the variables of inner scopes are not set any more.
    for (const ref of frame.certain) if (!ref.startsWith('l_0_')) frame.certain.delete(ref);
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
    return `new $Macro(${JSON.stringify(name)},${body},${list},${kwargs},${varargs},${caller},context)`;
  }

  private emitDefaults({ args, defaults }: Macro | CallBlock, frame: Frame): void {
    const pending = new Set([...frame.symbols.loads].flatMap(([ref, { kind }]) => (kind === 'parameter' ? [ref] : [])));
    this.pendingArguments.push(pending);
    for (const [index, { name, lineno, colno }] of args.entries()) {
      const ref = frame.symbols.ref(name);
      this._emit(`if(${ref}===undefined)${ref}=`);
      const value = defaults[index - args.length + defaults.length];
      if (value === undefined) this._emit(`$missingArgument(${quote(name)},${this.at({ lineno, colno })})`);
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
      this._emit('$blockText(');
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
