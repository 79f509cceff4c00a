/** Methods and attributes of ints and floats. */
import { raise } from '../errors.ts';
import { bitLength, type Int, normalise, toInt } from '../integers.ts';
import { isInt } from '../types.ts';
import { Float, Tuple, type Value } from '../values.ts';
import { type Methods, method } from './method.ts';

type AnyInt = number | bigint | boolean;

export const intMethods: Methods<AnyInt> = new Map([
  method<AnyInt>('bit_length', '/', (self) => bitLength(toInt(self))),
  method<AnyInt>('bit_count', '/', (self) => {
    const int = toInt(self);
    return (int < 0 ? -BigInt(int) : BigInt(int)).toString(2).replaceAll('0', '').length;
  }),
  method<AnyInt>('conjugate', '/', (self) => toInt(self)),
  method<AnyInt>('as_integer_ratio', '/', (self) => new Tuple([toInt(self), 1])),
]);

export const floatMethods: Methods<Float> = new Map([
  method<Float>('is_integer', '/', (self) => Number.isInteger(self.value)),
  method<Float>('conjugate', '/', (self) => self),
  method<Float>('as_integer_ratio', '/', (self) => ratio(self.value)),
]);

function ratio(value: number): Tuple {
  if (!Number.isFinite(value)) raise(`${value} is no ratio of integers`);
  let [numerator, denominator] = [value, 1n];
  while (!Number.isInteger(numerator)) {
    numerator *= 2;
    denominator *= 2n;
  }
  return new Tuple([normalise(BigInt(numerator)), normalise(denominator)]);
}

export function numberAttribute(target: Value, name: string): Value | undefined {
  if (target instanceof Float) return name === 'real' ? target : name === 'imag' ? new Float(0) : undefined;
  if (!isInt(target)) return undefined;
  const int: Int = toInt(target);
  if (name === 'real' || name === 'numerator') return int;
  if (name === 'imag') return 0;
  return name === 'denominator' ? 1 : undefined;
}
