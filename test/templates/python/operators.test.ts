import {
  add,
  type ComparisonOperator,
  compare,
  contains,
  div,
  type Evaluation,
  floordiv,
  mod,
  mul,
  neg,
  pos,
  pow,
  slice,
  str,
  sub,
  truth,
  type Value,
} from '../../../src/templates/python/index.ts';
import {
  type Case,
  compareWithPython,
  dict,
  evaluation,
  float,
  lenient,
  markup,
  range,
  source,
  strict,
  tuple,
} from './oracle.ts';

const numbers: readonly Value[] = [
  ...[0, 1, -1, 2, -3, 7, 10, 255, 9007199254740991, -9007199254740991],
  ...[9007199254740992n, -(2n ** 70n), 2n ** 64n + 1n, true, false],
  ...[0, -0, 1, 0.5, -2.5, 2.675, 1e16, 123456789.125, 1e-5, 5e-324, 1.7976931348623157e308].map(float),
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(float),
];
const texts: readonly Value[] = [
  '',
  'a',
  'abc',
  '1',
  "it's",
  'say "x"',
  'ü𝒳é\uffff',
  'a%sb',
  '%d',
  markup('<b>'),
  markup(''),
];
const collections: readonly Value[] = [
  [],
  [1],
  [1, 'a'],
  [1, 2, 3],
  [[1], [2]],
  tuple(),
  tuple(1),
  tuple(1, 'a'),
  tuple(tuple(), []),
  dict(),
  dict(['a', 1]),
  dict([1, 2], ['x', [1]]),
  range(0, 3),
  range(5, -5, -3),
];
const values: readonly Value[] = [null, ...numbers, ...texts, ...collections, strict, lenient];

function pairs(
  operator: string,
  ours: (left: Value, right: Value, evaluation: Evaluation) => Value,
  of = values,
): Case[] {
  return of.flatMap((left) =>
    of.map((right) => ({
      python: `(${source(left)}) ${operator} (${source(right)})`,
      ours: () => ours(left, right, evaluation),
    })),
  );
}

const comparisons: readonly ComparisonOperator[] = ['==', '!=', '<', '<=', '>', '>='];
const small = values.filter(
  (value) => typeof value !== 'bigint' && !(typeof value === 'number' && Math.abs(value) > 300),
);

compareWithPython('operators', {
  ...Object.fromEntries(
    comparisons.map((operator) => [
      `${operator} of all pairs`,
      pairs(operator, (left, right) => compare(operator, left, right, evaluation)),
    ]),
  ),
  '+ of all pairs': pairs('+', add),
  '- of all pairs': pairs('-', sub),
  '* of all pairs': pairs('*', mul),
  '/ of all pairs': pairs('/', div),
  '// of all pairs': pairs('//', floordiv),
  '% of all pairs': pairs('%', mod),
  '** of pairs that are not too large': pairs('**', pow, small),
  '** of ints with a float': pairs(
    '**',
    pow,
    [2, 10, 3, 1.1, 0.1, 7, -2]
      .map((each) => (Number.isInteger(each) ? each : float(each)))
      .concat([-1, -2, -3, -17, -300, 0, 5, 50, 300]),
  ),
  'in, for all pairs': pairs('in', (left, right) => contains(right, left, evaluation)),
  'bool() of all': values.map((value) => ({ python: `bool(${source(value)})`, ours: () => truth(value) })),
  'str() of all': values.map((value) => ({ python: `str(${source(value)})`, ours: () => str(value, evaluation) })),
  '- and + before all': values.flatMap((value) => [
    { python: `-(${source(value)})`, ours: () => neg(value, evaluation) },
    { python: `+(${source(value)})`, ours: () => pos(value, evaluation) },
  ]),
  slices: [...texts, ...collections, null, 5, strict].flatMap((value) =>
    [null, 0, 1, -1, 2, -2, 100, -100].flatMap((start) =>
      [null, 0, 1, -1, 2, -100].flatMap((stop) =>
        [null, 1, 2, -1, -2].map((step) => ({
          python: `(${source(value)})[${source(start)}:${source(stop)}:${source(step)}]`,
          ours: () => slice(value, start, stop, step, evaluation),
        })),
      ),
    ),
  ),
  'wrong slices': [
    { python: `'abc'[::0]`, ours: () => slice('abc', null, null, 0, evaluation) },
    { python: `'abc'['a':]`, ours: () => slice('abc', 'a', null, null, evaluation) },
    { python: `'abc'[:1.0]`, ours: () => slice('abc', null, float(1), null, evaluation) },
    { python: `'abc'[True:]`, ours: () => slice('abc', true, null, null, evaluation) },
  ],
});
