import type { Value } from '../../../src/templates/python/index.ts';
import { tests } from '../../../src/templates/tests/index.ts';
import {
  type Case,
  compareWithPython,
  data,
  dict,
  evaluation,
  float,
  lenient,
  markup,
  range,
  source,
  strict,
  tuple,
} from '../python/oracle.ts';

const values: readonly Value[] = [
  ...[null, true, false, 0, 1, 2, -3, 2n ** 70n, '', 'a', 'ABC', 'aB', '1', 'upper', 'odd', 'nothing', '=='],
  ...[0, 1, 2.5, Number.NaN].map(float),
  ...[[], [1], tuple(), tuple(1, 'a'), dict(), dict(['a', 1]), range(0, 3), markup('<B>'), data([1, 'a', null])],
  ...[strict, lenient],
];

function callOf(name: string, value: Value, args: readonly Value[]): Case {
  return {
    python: `T(${[source(name), source(value), ...args.map(source)].join(', ')})`,
    ours: () => tests.get(name)?.(evaluation, value, args, new Map()) ?? null,
  };
}

/** By identity, which texts and numbers do not have here. */
const named = [...tests.keys()].filter((name) => name !== 'sameas');

compareWithPython('tests', {
  ...Object.fromEntries(
    named.map((name) => [
      `is ${name}`,
      values.flatMap((value) => [
        callOf(name, value, []),
        ...values.map((argument) => callOf(name, value, [argument])),
      ]),
    ]),
  ),
  'is sameas': [null, true, false, 1, 0, strict, ''].flatMap((value) =>
    [null, true, false, 1, 0].map((other) => callOf('sameas', value, [other])),
  ),
  'arguments that are too many': named.map((name) => callOf(name, 1, [1, 2, 3])),
});
