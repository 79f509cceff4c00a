/** Code of expressions: the second half of jinja2/compiler.py (3.1). */
import { closest } from '../../documents/suggestion.ts';
import { Float } from '../python/index.ts';
import type {
  Arguments,
  Binary,
  Call,
  Compare,
  Concat,
  Conditional,
  Const,
  DictNode,
  Expression,
  FilterNode,
  GetAttribute,
  GetItem,
  ListNode,
  Name,
  Slice,
  TestNode,
  TupleNode,
  Unary,
} from '../syntax/nodes.ts';
import { CodeCompiler, listBrackets, quote, type Variant } from './code.ts';
import type { Frame } from './frame.ts';

/** What filters and tests there are. */
export interface KnownNames {
  readonly filters: ReadonlySet<string>;
  readonly tests: ReadonlySet<string>;
}

export class ExpressionCompiler extends CodeCompiler {
  private readonly known: KnownNames;
  /** Names that are set, by the statements that are being compiled. */
  protected readonly assigned: Set<string>[] = [];
  /** Arguments of macros whose defaults are being compiled. */
  protected readonly pendingArguments: Set<string>[] = [];
  /** Whether text is escaped for HTML, as far as `{% autoescape %}` says it before it is run. */
  protected escaping: 'off' | 'on' | 'unknown' = 'off';

  constructor(path: string, variant: Variant, known: KnownNames) {
    super(path, variant);
    this.known = known;
  }

  compileName(node: Name, frame: Frame): void {
    const { name, ctx } = node;
    const ref = frame.symbols.ref(name);
    if (ctx !== 'load') {
      if (ctx === 'store' && (frame.toplevel || frame.loopFrame || frame.blockFrame)) this.assigned.at(-1)?.add(name);
      this._emit(ref);
      return;
    }
    const isArgument = frame.symbols.findLoad(ref)?.kind === 'parameter';
    const isSet = isArgument ? this.pendingArguments.at(-1)?.has(ref) !== true : this.isCertain(ref, frame);
    if (isSet) this._emit(ref);
    else this._emit(`(${ref}===undefined?$undefinedName(${quote(name)},${this.at(node)}):${ref})`);
  }

  /** Whether a variable is known to be set. Checked code goes on behind errors, so nothing is known there. */
  private isCertain(ref: string, { certain }: Frame): boolean {
    return this.variant !== 'checked' && certain.has(ref);
  }

  compileConst({ value }: Const): void {
    if (typeof value === 'string') this._emit(quote(value));
    else if (typeof value === 'bigint') this._emit(`${value}n`);
    else if (value instanceof Float) this._emit(this.constant(`new $Float(${floatCode(value.value)})`));
    else this._emit(String(value));
  }

  compileTuple({ items }: TupleNode, frame: Frame): void {
    this._emit('new $Tuple(');
    this.emitItems(items, frame);
    this._emit(')');
  }

  compileList({ items }: ListNode, frame: Frame): void {
    this.emitItems(items, frame);
  }

  compileDict(node: DictNode, frame: Frame): void {
    this._emit('$dict(');
    const pairs = node.items.flatMap(({ key, value }) => [key, value]);
    this.emitItems(pairs, frame);
    this._emit(`,${this.at(node)})`);
  }

  compileConditional(node: Conditional, outer: Frame): void {
    const frame = outer.soft();
    this.emitTruth(node.test, frame);
    this._emit('?');
    this.compile(node.expr1, frame);
    this._emit(':');
    if (node.expr2 === null) this._emit(`$noElse(${this.at(node)})`);
    else this.compile(node.expr2, frame);
    this._emit(')');
  }

  // Operators.

  compileAdd(node: Binary, frame: Frame): void {
    this.emitOperation('add', [node.left, node.right], node, frame);
  }
  compileSub(node: Binary, frame: Frame): void {
    this.emitOperation('sub', [node.left, node.right], node, frame);
  }
  compileMul(node: Binary, frame: Frame): void {
    this.emitOperation('mul', [node.left, node.right], node, frame);
  }
  compileDiv(node: Binary, frame: Frame): void {
    this.emitOperation('div', [node.left, node.right], node, frame);
  }
  compileFloorDiv(node: Binary, frame: Frame): void {
    this.emitOperation('floordiv', [node.left, node.right], node, frame);
  }
  compileMod(node: Binary, frame: Frame): void {
    this.emitOperation('mod', [node.left, node.right], node, frame);
  }
  compilePow(node: Binary, frame: Frame): void {
    this.emitOperation('pow', [node.left, node.right], node, frame);
  }
  compileNeg(node: Unary, frame: Frame): void {
    this.emitOperation('neg', [node.target], node, frame);
  }
  compilePos(node: Unary, frame: Frame): void {
    this.emitOperation('pos', [node.target], node, frame);
  }

  compileNot({ target }: Unary, frame: Frame): void {
    this._emit('!');
    this.emitTruth(target, frame);
    this._emit(')');
  }

  compileAnd({ left, right }: Binary, frame: Frame): void {
    const value = this.temporary();
    this.emitTruth(left, frame, value);
    this._emit('?');
    this.compile(right, frame);
    this._emit(`:${value})`);
  }

  compileOr({ left, right }: Binary, frame: Frame): void {
    const value = this.temporary();
    this.emitTruth(left, frame, value);
    this._emit(`?${value}:`);
    this.compile(right, frame);
    this._emit(')');
  }

  compileConcat(node: Concat, frame: Frame): void {
    this._emit('$concat(');
    this.emitItems(node.nodes, frame);
    this._emit(`,${this.at(node)})`);
  }

  compileCompare({ expr, ops }: Compare, frame: Frame): void {
    let left: string | undefined;
    this._emit('(');
    for (const [index, node] of ops.entries()) {
      const { op } = node;
      if (index > 0) this._emit('&&');
      if (op === 'in' || op === 'not in') this._emit(op === 'in' ? '$isIn(' : '!$isIn(');
      else this._emit(op === '==' ? '$equal(' : `$compare("${op}",`);
      if (left === undefined) this.compile(expr, frame);
      else this._emit(left);
      this._emit(',');
      if (index < ops.length - 1) {
        left = this.temporary();
        this._emit(`${left}=`);
      }
      this.compile(node.expr, frame);
      this._emit(`,${this.at(node)})`);
    }
    this._emit(')');
  }

  // Attributes, items, calls.

  compileGetAttribute(node: GetAttribute, frame: Frame): void {
    this._emit('$getattr(');
    this.compile(node.node, frame);
    this._emit(`,${quote(node.attr)},${this.at(node)})`);
  }

  compileGetItem(node: GetItem, frame: Frame): void {
    const { arg } = node;
    if (arg.typename !== 'Slice') {
      this.emitOperation('getitem', [node.node, arg], node, frame);
      return;
    }
    this._emit('$slice(');
    this.compile(node.node, frame);
    for (const part of [arg.start, arg.stop, arg.step]) {
      this._emit(',');
      if (part === null) this._emit('null');
      else this.compile(part, frame);
    }
    this._emit(`,${this.at(node)})`);
  }

  compileSlice({ lineno, colno }: Slice): void {
    this.fail('a slice stands alone between brackets', lineno, colno);
  }

  /** @param caller code of the macro that a call block hands on */
  compileCall(node: Call, frame: Frame, caller?: string): void {
    const callee = node.node;
    if (callee.typename === 'GetAttribute') {
      this._emit('$callMember(');
      this.compile(callee.node, frame);
      this._emit(`,${quote(callee.attr)}`);
    } else {
      // The seed family has a text of this name, which hides Jinja2's function.
      const hidden = callee.typename === 'Name' && callee.name === 'namespace';
      this._emit(hidden ? '$call($notText(' : '$call(');
      this.compile(callee, frame);
      if (hidden) this._emit(`,"namespace",E)`);
    }
    this._emit(',');
    this.emitArguments(node, frame, caller);
    this._emit(`,${this.at(node)})`);
  }

  compileFilter(node: FilterNode, frame: Frame): void {
    this.emitFilterOrTest('filter', node, frame, () => {
      if (node.node !== null) this.compile(node.node, frame);
      else this._emit(`$captured(${this.bufferText(frame.buffer)},E)`);
    });
  }

  compileTest(node: TestNode, frame: Frame): void {
    this.emitFilterOrTest('test', node, frame, () => this.compile(node.node, frame));
  }

  private emitFilterOrTest(
    kind: 'filter' | 'test',
    node: FilterNode | TestNode,
    frame: Frame,
    emitSubject: () => void,
  ): void {
    const { name } = node;
    const known = kind === 'filter' ? this.known.filters : this.known.tests;
    if (!known.has(name)) {
      if (!frame.softFrame) {
        const near = closest(name, [...known]);
        const meant = near === undefined ? '' : ` (did you mean '${near}'?)`;
        this.fail(`there is no ${kind} '${name}'${meant}`, node.lineno, node.colno);
      }
      this._emit(`$noSuch(${quote(kind)},${quote(name)},${this.at(node)})`);
      return;
    }
    const found = this.constant(`${kind}s.get(${quote(name)})`);
    this._emit(this.variant === 'checked' ? `$late(${found},` : `${found}(E,`);
    emitSubject();
    this._emit(',');
    this.emitArguments(node, frame);
    this._emit(this.variant === 'checked' ? `,${this.at(node)})` : ')');
  }

  private emitArguments(node: Arguments & Expression, frame: Frame, caller?: string): void {
    const { args, kwargs, dynArgs, dynKwargs } = node;
    if (dynArgs === null) this.emitFixedItems(args, frame);
    else {
      this._emit('[');
      for (const arg of args) {
        this.compile(arg, frame);
        this._emit(',');
      }
      this._emit('...$spread(');
      this.compile(dynArgs, frame);
      this._emit(`,${this.at(node)})]`);
    }
    this._emit(',');
    const names = kwargs.map(({ key }) => key);
    const twice = kwargs.find(({ key }, index) => names.indexOf(key) < index);
    if (twice !== undefined) this.fail(`argument '${twice.key}' is there twice`, twice.lineno, twice.colno);
    if (kwargs.length === 0 && dynKwargs === null && caller === undefined) {
      this._emit('$noKwargs');
      return;
    }
    const [open, close] = listBrackets(2 * (kwargs.length + 1));
    this._emit(`$keywords(${open}`);
    for (const { key, value } of kwargs) {
      this._emit(`${quote(key)},`);
      this.compile(value, frame);
      this._emit(',');
    }
    if (caller !== undefined) this._emit(`"caller",${caller}`);
    this._emit(`${close},`);
    if (dynKwargs === null) this._emit('null');
    else this.compile(dynKwargs, frame);
    this._emit(`,${this.at(node)})`);
  }

  // Parts.

  /** Emits `(truth(…)`, to be closed by the caller. @param keep variable that gets the value itself */
  protected emitTruth(node: Expression, frame: Frame, keep?: string): void {
    if (keep === undefined && (node.typename === 'And' || node.typename === 'Or')) {
      this._emit('(');
      this.emitTruth(node.left, frame);
      this._emit(node.typename === 'And' ? ')&&' : ')||');
      this.emitTruth(node.right, frame);
      this._emit(')');
      return;
    }
    const isBoolean = ['Not', 'Compare', 'Test'].includes(node.typename);
    if (isBoolean) this._emit(keep === undefined ? '((' : `((${keep}=`);
    else this._emit(keep === undefined ? '($truth(' : `($truth(${keep}=`);
    this.compile(node, frame);
    this._emit(')');
  }

  /** Emits the value's text. */
  protected emitText(node: Expression, frame: Frame): void {
    if (this.escaping !== 'off') {
      this._emit(this.escaping === 'on' ? '$escaped(' : '$printed(');
      this.compile(node, frame);
      this._emit(`,${this.at(node)})`);
      return;
    }
    if (node.typename === 'Const' && typeof node.value === 'string') {
      this._emit(quote(node.value));
      return;
    }
    if (node.typename === 'Conditional') {
      const soft = frame.soft();
      this.emitTruth(node.test, soft);
      this._emit('?');
      this.emitText(node.expr1, soft);
      this._emit(':');
      // What is undefined for want of an `else` gives no text.
      if (node.expr2 === null) this._emit('""');
      else this.emitText(node.expr2, soft);
      this._emit(')');
      return;
    }
    this._emit('$str(');
    this.compile(node, frame);
    this._emit(`,${this.at(node)})`);
  }

  private emitOperation(name: string, operands: readonly Expression[], node: Expression, frame: Frame): void {
    this._emit(`$${name}(`);
    for (const operand of operands) {
      this.compile(operand, frame);
      this._emit(',');
    }
    this._emit(`${this.at(node)})`);
  }

  /** Emits a new list. */
  private emitItems(items: readonly Expression[], frame: Frame): void {
    const [open, close] = listBrackets(items.length, items.every(isConstant));
    this._emit(open);
    for (const item of items) {
      this.compile(item, frame);
      this._emit(',');
    }
    this._emit(close);
  }

  /** Emits a list that nothing changes. */
  private emitFixedItems(items: readonly Expression[], frame: Frame): void {
    if (items.length === 0) this._emit('$nothing');
    else if (items.every(isConstant)) {
      const [open, close] = listBrackets(items.length);
      this._emit(this.constant(open + items.map(constantCode).join(',') + close));
    } else this.emitItems(items, frame);
  }
}

/** A value that is written the same in JavaScript. */
type Constant = Const & { readonly value: string | number | boolean | null };

function isConstant(node: Expression): node is Constant {
  return node.typename === 'Const' && (node.value === null || /^(string|number|boolean)$/.test(typeof node.value));
}

function constantCode(node: Expression): string {
  return isConstant(node) ? JSON.stringify(node.value) : '';
}

function floatCode(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
