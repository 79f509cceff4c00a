/** Ranges. */
import { PythonObject, type Value } from './object.ts';

/** `range(start, stop, step)`. Its length is bounded by whoever makes it. */
export class Range extends PythonObject {
  readonly typeName = 'range';
  readonly start: number;
  readonly stop: number;
  readonly step: number;

  /** @param step not 0 */
  constructor(start: number, stop: number, step: number) {
    super();
    this.start = start;
    this.stop = stop;
    this.step = step;
  }

  override repr(): string {
    const { start, stop, step } = this;
    return `range(${start}, ${stop}${step === 1 ? '' : `, ${step}`})`;
  }

  override truth(): boolean {
    return this.length() > 0;
  }

  override length(): number {
    return Math.max(0, Math.ceil((this.stop - this.start) / this.step));
  }

  /** The item at an index from 0. */
  at(index: number): number {
    return this.start + index * this.step;
  }

  override *iterate(): Generator<Value> {
    const length = this.length();
    for (let index = 0; index < length; index++) yield this.at(index);
  }

  /** The index of an int; -1 where it is not among them. */
  indexOf(value: number): number {
    const index = (value - this.start) / this.step;
    return Number.isInteger(index) && index >= 0 && index < this.length() ? index : -1;
  }

  /** Equal ranges have the same: length, first item, and step where it matters. */
  identity(): readonly number[] {
    const length = this.length();
    return length === 0 ? [0] : length === 1 ? [1, this.start] : [length, this.start, this.step];
  }
}
