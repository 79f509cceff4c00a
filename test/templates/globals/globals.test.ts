import { describe, expect, it } from '@jest/globals';
import { globals, Namespace } from '../../../src/templates/globals/index.ts';
import {
  call,
  callMethod,
  getattr,
  listOf,
  noKwargs,
  str,
  Undefined,
  type Value,
} from '../../../src/templates/python/index.ts';
import { data, dict, evaluation, float, tuple } from '../python/oracle.ts';

function make(name: string, args: readonly Value[] = [], kwargs: Readonly<Record<string, Value>> = {}): Value {
  return call(globals.get(name) ?? null, args, new Map(Object.entries(kwargs)), evaluation);
}

const printed = (value: Value) => str(value, evaluation);

describe('range', () => {
  it.each<[Value[], string]>([
    [[3], '[0, 1, 2]'],
    [[1, 4], '[1, 2, 3]'],
    [[5, 0, -2], '[5, 3, 1]'],
    [[0], '[]'],
    [[true], '[0]'],
  ])('of %j is %s', (args, items) => {
    expect(printed(listOf(make('range', args), evaluation))).toBe(items);
  });

  it.each<[Value[]]>([[[]], [[1, 2, 3, 4]], [[0, 1, 0]], [['3']], [[float(3)]]])('of %j is refused', (args) => {
    expect(() => make('range', args)).toThrow();
  });
});

describe('dict', () => {
  it('is made of pairs, a dict and names', () => {
    expect(printed(make('dict', [[tuple('a', 1)]], { b: 2 }))).toBe("{'a': 1, 'b': 2}");
    expect(printed(make('dict', [dict(['x', null])]))).toBe("{'x': None}");
    expect(printed(make('dict'))).toBe('{}');
    expect(printed(callMethod(globals.get('dict') ?? null, 'fromkeys', ['ab'], noKwargs, evaluation))).toBe(
      "{'a': None, 'b': None}",
    );
  });
});

describe('namespace', () => {
  it('gives what was set, and nothing else', () => {
    const namespace = make('namespace', [data({ a: 1 })], { b: 2 });
    if (!(namespace instanceof Namespace)) throw new Error('no namespace');
    namespace.set('c', [3]);
    expect(printed(namespace)).toBe("<Namespace {'a': 1, 'b': 2, 'c': [3]}>");
    expect(getattr(namespace, 'set', evaluation)).toBeInstanceOf(Undefined);
    expect(getattr(namespace, 'values', evaluation)).toBeInstanceOf(Undefined);
  });
});

describe('cycler', () => {
  it('goes round, tells the current item, and begins again', () => {
    const cycler = make('cycler', ['odd', 'even']);
    const ask = (name: string) => printed(callMethod(cycler, name, [], noKwargs, evaluation));
    expect([ask('next'), ask('next'), ask('next')]).toEqual(['odd', 'even', 'odd']);
    expect(getattr(cycler, 'current', evaluation)).toBe('even');
    ask('reset');
    expect(getattr(cycler, 'current', evaluation)).toBe('odd');
  });

  it('needs an item', () => {
    expect(() => make('cycler')).toThrow('at least one item');
  });
});

describe('joiner', () => {
  it.each<[Record<string, Value>, string]>([
    [{}, ', '],
    [{ sep: ' && ' }, ' && '],
  ])('%j gives nothing first, then %j', (kwargs, separator) => {
    const joiner = make('joiner', [], kwargs);
    const texts = [1, 2, 3].map(() => printed(call(joiner, [], noKwargs, evaluation)));
    expect(texts).toEqual(['', separator, separator]);
  });
});

it('what would be another text each time is refused', () => {
  expect(() => make('lipsum')).toThrow('the same sources have to give the same image');
});
