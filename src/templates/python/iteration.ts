/** Loops over values. */
import { PythonObject, type Value } from './values.ts';

/** What Python calls an iterator or generator: gone through once, without a length. */
export class PythonIterator extends PythonObject {
  readonly typeName: string;
  private readonly iterator: Iterator<Value>;

  constructor(typeName: string, iterable: Iterable<Value>) {
    super();
    this.typeName = typeName;
    this.iterator = iterable[Symbol.iterator]();
  }

  override iterate(): Iterable<Value> {
    return { [Symbol.iterator]: () => ({ next: () => this.iterator.next() }) };
  }
}

/** The values that a loop over this one goes through; a list gives itself. */
export function iterate(value: Value): Iterable<Value> {
  throw new Error(`not there yet: ${typeof value}`);
}

/** `len(value)`. */
export function length(value: Value): number {
  throw new Error(`not there yet: ${typeof value}`);
}
