import { describe, expect, it } from '@jest/globals';
import { fromData, getattr, Markup, noKwargs, repr, toData, type Value } from '../../../src/templates/python/index.ts';
import { dict, evaluation, float, markup, range, strict, tuple } from './oracle.ts';

const printed = (data: unknown) => repr(fromData(data), evaluation);

describe('data as values', () => {
  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'None'],
    ['null', null, 'None'],
    ['a number', 5, '5'],
    ['minus zero', -0, '0'],
    ['a fraction', 0.5, '0.5'],
    ['a number beyond the safe range', 2 ** 60, '1.152921504606847e+18'],
    ['a bigint', 2n ** 60n, '1152921504606846976'],
    ['a small bigint', 7n, '7'],
    ['an array', [1, ['a']], "[1, ['a']]"],
    ['a set', new Set(['a']), "['a']"],
    ['an object', { b: 1, a: { c: null } }, "{'b': 1, 'a': {'c': None}}"],
    [
      'a map',
      new Map<unknown, unknown>([
        [1, 'x'],
        [true, 'y'],
        [[1, 2], 'z'],
        [null, 0],
      ]),
      "{1: 'y', (1, 2): 'z', None: 0}",
    ],
    ['values among data', { a: tuple(1), b: float(1) }, "{'a': (1,), 'b': 1.0}"],
  ])('%s', (_, data, text) => {
    expect(printed(data)).toBe(text);
  });

  it('what is shared stays shared, and what holds itself stays so', () => {
    const shared = [1];
    const both = fromData([shared, shared]) as Value[];
    expect(both[0]).toBe(both[1]);
    const self: unknown[] = [1];
    self.push(self);
    expect(printed(self)).toBe('[1, [...]]');
  });

  it('a symbol is refused', () => {
    expect(() => fromData(Symbol('x'))).toThrow('symbol is nothing that a template can use');
  });
});

describe('values as data', () => {
  it('dicts, tuples, floats, Markup and ranges are plain', () => {
    const value = dict(['a', tuple(1, float(2.5))], [1, markup('<b>')], ['r', range(0, 3)], ['n', null]);
    expect(toData(value)).toEqual({ a: [1, 2.5], 1: '<b>', r: [0, 1, 2], n: null });
  });

  it('keys of JavaScript are keys like any other', () => {
    const plain = toData(dict(['__proto__', 1])) as object;
    expect(Object.entries(plain)).toEqual([['__proto__', 1]]);
    expect(Object.getPrototypeOf(plain)).toBe(Object.prototype);
  });

  it.each<[string, Value]>([
    ['something undefined', strict],
    ['a method', getattr('a', 'upper', evaluation)],
  ])('%s is no data', (_, value) => {
    expect(() => toData(value)).toThrow();
  });

  it('a list that holds itself is no data', () => {
    const list: Value[] = [];
    list.push(list);
    expect(() => toData(list)).toThrow('a list holds itself');
  });
});

it('a function of JavaScript is called with plain data, and gives values', () => {
  const made = fromData((text: string, options?: { upper: boolean }) =>
    options?.upper ? text.toUpperCase() : { text },
  );
  const call = (value: Value, kwargs = noKwargs) =>
    repr((made as { call(...args: unknown[]): Value }).call([value], kwargs, evaluation), evaluation);
  expect(call(new Markup('x'))).toBe("{'text': 'x'}");
  expect(call('x', new Map([['upper', true]]))).toBe("'X'");
});
