/** Random conditions. */
import { expr, type Node } from './node.ts';
import type { Random } from './random.ts';
import type { MakeExpression, Scope, Type } from './scope.ts';

const comparisons = ['==', '!=', '<', '<=', '>', '>='];

export function conditionMaker({ pick }: Random, make: MakeExpression): (scope: Scope, depth: number) => Node {
  function condition(scope: Scope, depth: number): Node {
    const of = (wanted: Type): Node => make(scope, wanted, depth);
    const test = (): string => {
      const word = pick([
        'defined',
        'none',
        'string',
        'number',
        'mapping',
        'sequence',
        'iterable',
        'boolean',
        'integer',
        'float',
        'undefined',
        'callable',
        'true',
      ]);
      return `${pick([' is ', ' is not '])}${word}`;
    };
    return pick<() => Node>([
      () => expr('(', of('int'), ` ${pick(comparisons)} `, of('int'), ')'),
      () => expr('(', of('str'), ` ${pick(comparisons)} `, of('str'), ')'),
      () => expr('(', of('any'), ` ${pick(['==', '!='])} `, of('any'), ')'),
      () => expr('(', of('int'), ` ${pick(comparisons)} `, of('float'), ` ${pick(comparisons)} `, of('int'), ')'),
      () => expr('(not ', of('any'), ')'),
      () => expr('(', of('bool'), pick([' and ', ' or ']), of('bool'), ')'),
      () => expr('(', of('any'), test(), ')'),
      () => expr('(', of('int'), pick([' is odd', ' is even', ' is divisibleby 2', ' is not divisibleby(3)']), ')'),
      () => expr('(', of('int'), pick([' is lt ', ' is ge ', ' is eq ', ' is not ne ']), of('int'), ')'),
      () => expr('(', of('str'), pick([' in ', ' not in ']), of(pick(['str', 'strs', 'dict'])), ')'),
      () => expr('(', of('any'), pick([' in ', ' not in ']), of(pick(['list', 'ints', 'strs'])), ')'),
      () => expr('(', of('ints'), ` ${pick(['==', '<', '!='])} `, of('ints'), ')'),
      () =>
        expr(
          '(',
          of('str'),
          ').',
          pick(["startswith('a')", "endswith(('a', 'z'))", 'isdigit()', 'isupper()', "startswith('b', 1)"]),
        ),
      () => (scope.inLoop ? expr('loop.changed(', of('any'), ')') : of('any')),
    ])();
  }

  return condition;
}
