/** The tests of Jinja2, i.e. what can follow `is`. */
import {
  type Bound,
  bindArguments,
  type ComparisonOperator,
  compare,
  contains,
  Dict,
  type Evaluation,
  equal,
  Float,
  hashKey,
  isCallable,
  isInt,
  isIterable,
  isLower,
  isText,
  isUpper,
  Markup,
  mod,
  parametersOf,
  Range,
  str,
  type Test,
  Tuple,
  textOf,
  Undefined,
  type Value,
} from '../python/index.ts';

type NamedTest = readonly [string, Test];

function test(
  name: string,
  parameters: string,
  body: (value: Value, args: Bound, evaluation: Evaluation) => boolean,
): NamedTest {
  const bound = parametersOf(`the test '${name}'`, parameters);
  return [name, (evaluation, value, args, kwargs) => body(value, bindArguments(bound, args, kwargs), evaluation)];
}

function comparison(operator: ComparisonOperator, ...names: readonly string[]): NamedTest[] {
  return names.map((name) =>
    test(name, 'other /', (value, [other = null], evaluation) => compare(operator, value, other, evaluation)),
  );
}

/** Whether something of this name is there; a name that is no text is none, and one that can't be a key an error. */
function isName(value: Value, find: (name: string) => unknown): boolean {
  hashKey(value);
  return isText(value) && find(textOf(value)) !== undefined;
}

/** Python asks for a length and for items. */
function isSequence(value: Value): boolean {
  if (Array.isArray(value) || isText(value) || value instanceof Tuple) return true;
  if (value instanceof Undefined) return value.mode === 'lenient';
  return value instanceof Dict || value instanceof Range;
}

function isIterableOrFails(value: Value): boolean {
  if (value instanceof Undefined) value.failIfStrict();
  return isIterable(value);
}

/** The very same object; numbers and texts are the same where they are equal. */
function isSame(value: Value, other: Value): boolean {
  return value === other;
}

/** Tests by name, the signs of comparisons among them. */
export const tests: ReadonlyMap<string, Test> = new Map([
  test('odd', '', (value, _, evaluation) => equal(mod(value, 2, evaluation), 1, evaluation)),
  test('even', '', (value, _, evaluation) => equal(mod(value, 2, evaluation), 0, evaluation)),
  test('divisibleby', 'num', (value, [by = null], evaluation) => equal(mod(value, by, evaluation), 0, evaluation)),
  test('defined', '', (value) => !(value instanceof Undefined)),
  test('undefined', '', (value) => value instanceof Undefined),
  test('filter', '', (value, _, evaluation) => isName(value, (name) => evaluation.filter(name))),
  test('test', '', (value, _, evaluation) => isName(value, (name) => evaluation.test(name))),
  test('none', '', (value) => value === null),
  test('boolean', '', (value) => typeof value === 'boolean'),
  test('false', '', (value) => value === false),
  test('true', '', (value) => value === true),
  test('integer', '', (value) => isInt(value) && typeof value !== 'boolean'),
  test('float', '', (value) => value instanceof Float),
  test('lower', '', (value, _, evaluation) => isLower(str(value, evaluation))),
  test('upper', '', (value, _, evaluation) => isUpper(str(value, evaluation))),
  test('string', '', (value) => isText(value)),
  test('mapping', '', (value) => value instanceof Dict),
  test('number', '', (value) => isInt(value) || value instanceof Float),
  test('sequence', '', isSequence),
  test('iterable', '', isIterableOrFails),
  test('callable', '/', (value) => isCallable(value)),
  test('sameas', 'other', (value, [other = null]) => isSame(value, other)),
  test('escaped', '', (value) => value instanceof Markup),
  test('in', 'seq', (value, [container = null], evaluation) => contains(container, value, evaluation)),
  ...comparison('==', '==', 'eq', 'equalto'),
  ...comparison('!=', '!=', 'ne'),
  ...comparison('>', '>', 'gt', 'greaterthan'),
  ...comparison('>=', '>=', 'ge'),
  ...comparison('<', '<', 'lt', 'lessthan'),
  ...comparison('<=', '<=', 'le'),
]);
