/** Code of loops. */
import { type Expression, type For, hasBelow, type Located, type LoopControl } from '../syntax/nodes.ts';
import { AssignmentCompiler } from './assignments.ts';
import type { Frame } from './frame.ts';
import { analyze, undeclared } from './symbols.ts';

export class LoopCompiler extends AssignmentCompiler {
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
    this._emitLine(`for(${item} of $each(items,${this.at(node.iter)})){E.limits.tick();`);
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
    this.endFunction(`return $captured(${this.bufferText(loopFrame.buffer)},E);};`);
    const emitCall = (): void => {
      this._emit(`$blockText(${name}(`);
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
    const items = loopRef === undefined ? this.temporary() : this.variable(loopRef);
    if (loopRef === undefined) {
      if (typeof filter !== 'string' && test !== null) this.enterFrame(filter);
      this._emit(`${items}=$items(`);
      emitItems();
      this._emitLine(`,${this.at(node.iter)});`);
    } else {
      this._emit(`${items}=new $LoopContext(`);
      emitFiltered();
      this._emitLine(`,${recurse},${recurse === 'null' ? '0' : 'depth'},${this.at(node.iter)});`);
    }
    this._emitLine(`while((${item}=$next(${items},${loopFrame.buffer}.length,E))!==undefined){`);
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
}
