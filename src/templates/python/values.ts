/** Values that are no values of JavaScript's: floats, tuples, what is undefined. */
import { UndefinedError } from './errors.ts';
import type { Evaluation, UndefinedMode } from './evaluation.ts';
import { floatText } from './float-text.ts';
import { PythonObject, type Value } from './object.ts';
import { enclosed, reprs } from './print.ts';

export { type Callable, isCallable, PythonObject, type Value } from './object.ts';

/** A Python float; a plain number is an int. */
export class Float extends PythonObject {
  readonly typeName = 'float';
  readonly value: number;

  constructor(value: number) {
    super();
    this.value = value;
  }

  override repr(): string {
    return floatText(this.value);
  }

  override truth(): boolean {
    return this.value !== 0;
  }
}

/** A Python tuple. Not an array, so that no code takes it for a list. */
export class Tuple extends PythonObject {
  readonly typeName: string = 'tuple';
  readonly items: readonly Value[];

  constructor(items: readonly Value[]) {
    super();
    this.items = items;
  }

  override repr(evaluation: Evaluation): string {
    return enclosed(this, '(...)', evaluation, () => {
      const items = reprs(this.items, evaluation);
      return this.items.length === 1 ? `(${items},)` : `(${items})`;
    });
  }

  override truth(): boolean {
    return this.items.length > 0;
  }
}

/** Something undefined. The strict one is refused by everything but `is defined` and `default`. */
export class Undefined extends PythonObject {
  readonly typeName = 'Undefined';
  readonly mode: UndefinedMode;
  readonly message: string;
  /** The name or key that was looked for. */
  readonly missing: string | undefined;
  private readonly known: (() => readonly string[]) | undefined;

  constructor(mode: UndefinedMode, message: string, missing?: string, known?: () => readonly string[]) {
    super();
    this.mode = mode;
    this.message = message;
    this.missing = missing;
    this.known = known;
  }

  /** Throws what using this value is answered with. */
  fail(): never {
    throw new UndefinedError(this.message, this.missing, this.known?.());
  }

  /** Throws where even harmless uses (printing, truth, loops, equality) are refused. */
  failIfStrict(): void {
    if (this.mode === 'strict') this.fail();
  }

  override repr(): string {
    return 'Undefined';
  }

  override str(): string {
    this.failIfStrict();
    return '';
  }

  override truth(): boolean {
    this.failIfStrict();
    return false;
  }

  override iterate(): Iterable<Value> {
    this.failIfStrict();
    return [];
  }

  override length(): number {
    this.failIfStrict();
    return 0;
  }

  override attribute(): never {
    return this.fail();
  }

  override item(): never {
    return this.fail();
  }

  override contains(): boolean {
    this.failIfStrict();
    return false;
  }

  override call(): never {
    return this.fail();
  }
}
