import { describe, expect, it } from '@jest/globals';
import { filters } from '../../../src/templates/filters/index.ts';
import { globals } from '../../../src/templates/globals/index.ts';
import {
  add,
  attributeOf,
  call,
  callMethod,
  fromData,
  getattr,
  getitem,
  LimitError,
  listOf,
  mod,
  mul,
  NativeFunction,
  noKwargs,
  PythonIterator,
  pow,
  str,
  TemplateError,
  Undefined,
  type Value,
} from '../../../src/templates/python/index.ts';
import { dict, evaluation, float, lenient, markup, range, strict, tuple } from './oracle.ts';

const inherited = Object.getOwnPropertyNames(Object.prototype);
const ofFunctions = Object.getOwnPropertyNames(Function.prototype);
const ofArrays = Object.getOwnPropertyNames(Array.prototype).filter(
  (name) => !['pop', 'reverse', 'sort', 'copy', 'index', 'keys', 'values', 'join', 'find'].includes(name),
);
const ofPython = [
  '__class__',
  '__globals__',
  '__builtins__',
  '__init__',
  '__mro__',
  '__subclasses__',
  '__dict__',
  '__doc__',
  '__self__',
  '__code__',
  '__getattribute__',
  'gi_frame',
  'mro',
  'func_globals',
];
const ofThis = [
  'map',
  'values_',
  'items_',
  'methods',
  'self',
  'body',
  'iterator',
  'repr',
  'str',
  'truth',
  'typeName',
  'call',
  'attribute',
  'written',
];
const names = [...inherited, ...ofFunctions, ...ofPython, ...ofThis].filter(
  (name) => name !== 'name' && name !== 'items',
);

const upper = getattr('a', 'upper', evaluation);
const values: readonly (readonly [string, Value])[] = [
  ['none', null],
  ['a text', 'text'],
  ['an integer', 5],
  ['a large integer', 2n ** 80n],
  ['a bool', true],
  ['a float', float(1.5)],
  ['a list', [1]],
  ['a tuple', tuple(1)],
  ['a dict', dict(['a', 1])],
  ['a dict of data', fromData({ a: { b: 1 } })],
  ['a range', range(0, 3)],
  ['Markup', markup('x')],
  ['a method', upper],
  ['a function', new NativeFunction('f', () => null)],
  ['a generator', new PythonIterator('generator', [1])],
  ['a view', callMethod(dict(['a', 1]), 'items', [], noKwargs, evaluation)],
  ...[...globals].map(([name, value]) => [`the global ${name}`, value] as const),
  ['a cycler', call(globals.get('cycler') ?? null, [1], noKwargs, evaluation)],
  ['a namespace', call(globals.get('namespace') ?? null, [], noKwargs, evaluation)],
];

function filtered(
  name: string,
  value: Value,
  args: readonly Value[],
  kwargs: Readonly<Record<string, Value>> = {},
): Value {
  return filters.get(name)?.(evaluation, value, args, new Map(Object.entries(kwargs))) ?? null;
}

function isRefused(body: () => Value): boolean {
  try {
    body();
    return false;
  } catch (error) {
    return error instanceof TemplateError;
  }
}

describe('what is out of reach', () => {
  it.each(values)("of %s: anything of JavaScript or of Python's insides", (_, value) => {
    const reached = names.flatMap((name) => {
      const found = [
        getattr(value, name, evaluation),
        getitem(value, name, evaluation),
        filtered('attr', value, [name]),
        ...listOf(filtered('map', [value], [], { attribute: name }), evaluation),
      ];
      const ways = ['attribute', 'item', 'filter attr', 'map(attribute)'];
      return found.flatMap((each, way) => (each instanceof Undefined ? [] : [`${ways[way]} ${name}`]));
    });
    expect(reached).toEqual([]);
  });

  it.each(values)('of %s: any of it in the fields of a format', (_, value) => {
    const fields = names.flatMap((name) => [`{0.${name}}`, `{0[${name}]}`, `{a.${name}}`]);
    const kwargs = new Map([['a', value]]);
    expect(
      fields.filter((field) => !isRefused(() => callMethod(field, 'format', [value], kwargs, evaluation))),
    ).toEqual([]);
  });

  it.each(ofArrays)('%s of a list', (name) => {
    const given = attributeOf([1], name, evaluation);
    expect(given).toBeUndefined();
  });

  it('a key of such a name is an item like any other, and no attribute', () => {
    const trap = fromData(JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 2, "__class__": 3}'));
    expect(getitem(trap, '__class__', evaluation)).toBe(3);
    expect(getattr(trap, 'constructor', evaluation)).toBe(2);
    expect(getattr(trap, '__class__', evaluation)).toBeInstanceOf(Undefined);
    expect(str(getitem(trap, '__proto__', evaluation), evaluation)).toBe("{'polluted': 1}");
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('functions get plain data, with no way back to the values', () => {
    const seen: unknown[] = [];
    const spy = fromData((...args: readonly unknown[]) => {
      seen.push(...args);
      return null;
    });
    call(spy, [dict(['a', tuple(1, float(2.5))])], new Map([['named', markup('x')]]), evaluation);
    expect(seen).toEqual([{ a: [1, 2.5] }, { named: 'x' }]);
  });
});

describe('limits', () => {
  const huge = 10_000_000;
  const cases: readonly (readonly [string, () => Value])[] = [
    ['a text repeated', () => mul('ab', huge, evaluation)],
    ['a list repeated', () => mul([1], huge, evaluation)],
    ['a tuple repeated', () => mul(huge, tuple(1), evaluation)],
    ['a power', () => pow(10, huge, evaluation)],
    ['powers of powers', () => pow(pow(2, 1_000_000, evaluation), 1_000_000, evaluation)],
    ['a range', () => call(globals.get('range') ?? null, [huge], noKwargs, evaluation)],
    ['the width of %', () => mod(`%${huge}d`, 1, evaluation)],
    ['the precision of %', () => mod(`%.${huge}f`, 1, evaluation)],
    ['the star of %', () => mod('%*d', tuple(huge, 1), evaluation)],
    ['the width of format', () => callMethod(`{:${huge}}`, 'format', [1], noKwargs, evaluation)],
    ['the precision of format', () => callMethod(`{:.${huge}f}`, 'format', [float(1)], noKwargs, evaluation)],
    ['a nested width of format', () => callMethod('{:{}}', 'format', [1, huge], noKwargs, evaluation)],
    ...['center', 'ljust', 'rjust', 'zfill'].map(
      (name) => [name, () => callMethod('x', name, [huge], noKwargs, evaluation)] as const,
    ),
    ['expandtabs', () => callMethod('\t', 'expandtabs', [huge], noKwargs, evaluation)],
    ['replace', () => callMethod('a'.repeat(2000), 'replace', ['a', 'b'.repeat(2000)], noKwargs, evaluation)],
    ['replace of nothing', () => callMethod('a'.repeat(2000), 'replace', ['', 'b'.repeat(2000)], noKwargs, evaluation)],
    ['join', () => callMethod('b'.repeat(2000), 'join', ['a'.repeat(2000)], noKwargs, evaluation)],
    [
      'translate',
      () => callMethod('a'.repeat(2000), 'translate', [dict([97, 'b'.repeat(2000)])], noKwargs, evaluation),
    ],
    ['the filter join', () => filtered('join', 'a'.repeat(2000), ['b'.repeat(2000)])],
    ['the filter indent', () => filtered('indent', 'a\n'.repeat(2000), [2000])],
    ['the filter center', () => filtered('center', 'a', [huge])],
    ['the filter batch', () => listOf(filtered('batch', [1], [huge, 'x']), evaluation)],
    ['the filter slice', () => listOf(filtered('slice', [1], [huge]), evaluation)],
    ['the filter wordwrap', () => filtered('wordwrap', 'a'.repeat(2000), [1, true, 'b'.repeat(2000)])],
    ['the filter replace', () => filtered('replace', 'a'.repeat(2000), ['a', 'b'.repeat(2000)])],
    ['printing of shared lists', () => str(doubled(), evaluation)],
    ['pprint of shared lists', () => filtered('pprint', doubled(), [])],
    ['JSON of shared lists', () => filtered('tojson', doubled(), [2])],
    ['a key of shared tuples', () => getitem(dict(), doubledTuple(), evaluation)],
    [
      'a list that is added to itself',
      () => {
        let list: Value = [1];
        for (let round = 0; round < 30; round++) list = add(list, list, evaluation);
        return list;
      },
    ],
  ];

  function doubled(): Value {
    let list: Value = ['x'];
    for (let round = 0; round < 30; round++) list = [list, list];
    return list;
  }

  function doubledTuple(): Value {
    let value: Value = 'x';
    for (let round = 0; round < 30; round++) value = tuple(value, value);
    return value;
  }

  it.each(cases)('%s is refused before it is made', (_, make) => {
    expect(make).toThrow(LimitError);
  });

  it('what takes long asks for the time', () => {
    let ticks = 0;
    const watched = { ...evaluation, limits: { ...evaluation.limits, tick: () => void ticks++ } };
    const numbers = Array.from({ length: 500 }, (_, index) => index);
    filters.get('sort')?.(watched, numbers, [], noKwargs);
    filters.get('sum')?.(watched, numbers, [], noKwargs);
    filters.get('join')?.(watched, numbers, [], noKwargs);
    str(numbers, watched);
    expect(ticks).toBeGreaterThanOrEqual(4 * numbers.length);
  });
});

describe('undefined values', () => {
  it('strict ones are refused where lenient ones give nothing', () => {
    expect(() => str(strict, evaluation)).toThrow("'missing' is undefined");
    expect(str(lenient, evaluation)).toBe('');
  });

  it('tell which names there are instead', () => {
    const missing = getattr(dict(['packages', 1]), 'pakages', evaluation);
    expect(() => str(missing, evaluation)).toThrow(
      expect.objectContaining({
        message: "there is no 'pakages' in this dict",
        missing: 'pakages',
        known: ['packages'],
      }),
    );
  });
});
