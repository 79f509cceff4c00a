/** Code of assignments. */
import type { Assign, Expression, Name, NamespaceTarget, Target } from '../syntax/nodes.ts';
import { quote } from './code.ts';
import { ExpressionCompiler } from './expressions.ts';
import type { Frame } from './frame.ts';

export class AssignmentCompiler extends ExpressionCompiler {
  compileAssign({ target, node }: Assign, frame: Frame): void {
    this.assigned.push(new Set());
    this.guarded(
      () => this.emitAssignOf(target, node, frame, frame),
      () => this.poison(target, frame),
    );
    this.publishAssigned(frame);
  }

  protected emitAssignOf(target: Target | NamespaceTarget, node: Expression, frame: Frame, valueFrame: Frame): void {
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
        frame.certain.add(frame.symbols.ref(target.name));
        break;
      case 'NamespaceTarget': {
        const ref = frame.symbols.ref(target.name);
        this._emitLine(
          `$setAttribute(${ref},${quote(target.name)},${quote(target.attr)},${value},${this.at(target)});`,
        );
        break;
      }
      case 'Tuple': {
        const parts = this.temporary();
        this._emitLine(`${parts}=$unpack(${value},${target.items.length},${this.at(target)});`);
        for (const [index, item] of target.items.entries())
          this.emitAssign(item as Target, `${parts}[${index}]`, frame);
      }
    }
  }

  /** What is set to a value that could not be had is not reported again. */
  protected poison(target: Target | NamespaceTarget, frame: Frame): string {
    if (target.typename === 'Name') return `${frame.symbols.ref(target.name)}=$poison(E);`;
    if (target.typename === 'Tuple') return target.items.map((item) => this.poison(item as Name, frame)).join('');
    return `$poisonAttribute(${frame.symbols.ref(target.name)},${quote(target.attr)},E);`;
  }

  /** What is set at the top of a template is part of the context, and what of it has no leading _ can be imported. */
  protected publishAssigned(frame: Frame): void {
    const names = [...(this.assigned.pop() ?? [])];
    if (!frame.toplevel || frame.loopFrame || frame.blockFrame) return;
    for (const name of names) this.emitPublish(name, frame);
  }

  protected emitPublish(name: string, frame: Frame): void {
    this._emitLine(`context.publish(${quote(name)},${frame.symbols.ref(name)});`);
  }
}
