/** Random expressions, mostly of the type that is asked for. */
import { conditionMaker } from './conditions.ts';
import { expr, filtered, list, type Node, slice } from './node.ts';
import type { Random } from './random.ts';
import type { MakeExpression, Scope, Type } from './scope.ts';
import { textMaker } from './texts.ts';

const types: readonly Type[] = ['int', 'float', 'str', 'bool', 'ints', 'strs', 'list', 'dict', 'rows', 'any'];
const literals = ["''", "'a'", "'B'", '"foo"', "'a b'", "'x' 'y'", "'\\n'", "'é'", "'%'", '"it\'s"', "'a,b'", "'{}'"];

export function expressionMaker(random: Random): MakeExpression {
  const { pick, chance, below } = random;

  const make: MakeExpression = (scope, wanted, depth) => {
    const type = chance(0.03) ? pick(types) : wanted;
    if (depth <= 0 || chance(0.3)) return atom(scope, type);
    const made = chance(0.1) ? general(scope, type, depth - 1) : composed(scope, type, depth - 1);
    return chance(0.05) ? expr('(', made, ')') : made;
  };

  function atom(scope: Scope, type: Type): Node {
    const known = scope.variables.filter((variable) => variable.type === type);
    if (known.length > 0 && chance(0.65)) return expr(pick(known).name);
    if (chance(0.01)) return expr(pick(['missing', 'none', 'None', 'true']));
    return expr(literal(type, scope));
  }

  function literal(type: Type, scope: Scope): string {
    switch (type) {
      case 'int':
        return scope.inLoop && chance(0.4)
          ? pick(['loop.index', 'loop.index0', 'loop.length', 'loop.revindex', 'loop.depth'])
          : pick(['0', '1', '2', '3', '7', '10', '-1', '1_000', '0x1f', 'true']);
      case 'float':
        return pick(['0.5', '1.0', '2.5', '1e3', '-0.25', '100.0']);
      case 'str':
        return pick(literals);
      case 'bool':
        return scope.inLoop && chance(0.4)
          ? pick(['loop.first', 'loop.last'])
          : pick(['true', 'false', 'True', 'none']);
      case 'ints':
        return pick(['[]', '[1, 2, 3]', '(1,)', '(3, 1)', 'range(3)', '[2, 1, 2]', '[0]']);
      case 'strs':
        return pick(['[]', "['a', 'b']", "('a',)", "['B', 'a', 'b']", "'abc'", "['']"]);
      case 'dict':
        return pick(['{}', "{'a': 1}", "{'a': 1, 'b': 'x'}", "{1: 'one', 'a': [2]}", "{'key': {'a': 2}}"]);
      case 'rows':
        return pick(["[{'g': 'x', 'v': 1}]", "[{'g': 'y', 'v': 2}, {'g': 'x', 'v': 3}]", '[]']);
      case 'list':
        return pick(['acc[:3]', "[1, 'a', none]", '[[1], (2, 3)]', '[true, 1.0]', '()', 'acc[-2:]']);
      case 'any':
        return pick(['1', "'a'", 'none', '[1]', '{}', '1.5', 'false']);
    }
  }

  /** What gives any type. */
  function general(scope: Scope, type: Type, depth: number): Node {
    const of = (wanted: Type): Node => make(scope, wanted, depth);
    switch (below(6)) {
      case 0:
        return expr('(', of(type), ' if ', of('bool'), ' else ', of(type), ')');
      case 1:
        return expr('(', of(type), pick([' or ', ' and ']), of(type), ')');
      case 2:
        return filtered(of(type), 'default(', of(type), pick([')', ', true)']));
      case 3:
        return expr('[', of(type), ', ', of(type), '][', pick(['0', '1', '-1']), ']');
      case 4:
        return expr("{'k': ", of(type), '}', pick(['.k', "['k']", "['k']"]));
      default:
        return chance(0.2) ? expr('(', of(type), ' if ', of('bool'), ')') : expr('(', of(type), ')');
    }
  }

  function composed(scope: Scope, type: Type, depth: number): Node {
    const of = (wanted: Type): Node => make(scope, wanted, depth);
    const sequence = (): Node => of(pick(['ints', 'strs', 'list']));
    switch (type) {
      case 'int':
        return pick<() => Node>([
          () => expr('(', of('int'), pick([' + ', ' - ', ' * ', ' // ', ' % ']), of('int'), ')'),
          () => expr('(', pick(['-', '+', '- ']), of('int'), ')'),
          () => filtered(sequence(), pick(['length', 'count'])),
          () => filtered(of('str'), 'length'),
          () => filtered(of('ints'), pick(['sum', 'max', 'min', 'first', 'last'])),
          () => filtered(of('any'), 'int', pick(['', '(5)', '(default=-1)'])),
          () => filtered(of('int'), 'abs'),
          () => filtered(of('rows'), pick(["sum('v')", "map(attribute='v')|sum", "sum(attribute='v', start=10)"])),
          () => expr('(', of('str'), ').count(', of('str'), ')'),
          () => expr('(', of('str'), ').find(', of('str'), ')'),
          () => expr('(', of('ints'), ')[', pick(['0', '-1', '1']), ']'),
          () => expr('(', of('int'), ' ** ', pick(['0', '1', '2', '3']), ')'),
        ])();
      case 'float':
        return pick<() => Node>([
          () => expr('(', of(pick(['int', 'float'])), ' / ', of(pick(['int', 'float'])), ')'),
          () => expr('(', of('float'), pick([' + ', ' * ', ' - ', ' // ', ' % ']), of('int'), ')'),
          () => filtered(of('float'), 'round', pick(['', '(1)', "(1, 'floor')", "(0, 'ceil')"])),
          () => filtered(of(pick(['str', 'int'])), 'float'),
          () => expr('(-', of('float'), ')'),
        ])();
      case 'str':
        return text(scope, depth);
      case 'bool':
        return condition(scope, depth);
      case 'ints':
        return pick<() => Node>([
          () => expr('(', of('ints'), ' + ', of('ints'), ')'),
          () => expr('(', of('ints'), '|list * ', pick(['0', '1', '2']), ')'),
          () => expr('(', of('ints'), ')', slice(random)),
          () => filtered(of('ints'), pick(['sort', 'sort(reverse=true)', 'unique|list', 'reverse|list', 'list'])),
          () =>
            filtered(of('ints'), pick(['select', 'reject']), "('", pick(['odd', 'even', 'true', 'defined']), "')|list"),
          () =>
            filtered(
              of('ints'),
              pick(['select', 'reject']),
              '(',
              pick(["'gt'", "'lt'", "'ne'", "'>='"]),
              ', ',
              of('int'),
              ')|list',
            ),
          () => filtered(of('strs'), "map('", pick(['length', 'int', 'count']), "')|list"),
          () => filtered(of('rows'), "map(attribute='v')|list"),
          () => filtered(expr('range(', of('int'), '|abs % 6)'), 'list'),
          () =>
            expr(
              '[',
              list(
                'part',
                ', ',
                Array.from({ length: below(4) }, () => of('int')),
              ),
              ']',
            ),
          () => expr('(', of('int'), ', ', of('int'), ')'),
        ])();
      case 'strs':
        return pick<() => Node>([
          () =>
            expr(
              '[',
              list(
                'part',
                ', ',
                Array.from({ length: below(4) }, () => of('str')),
              ),
              ']',
            ),
          () =>
            expr(
              '(',
              of('str'),
              ').',
              pick(['split()', "split(',')", "split(' ', 1)", 'splitlines()', "rsplit('a', 1)", "partition('a')"]),
            ),
          () =>
            filtered(
              of('strs'),
              "map('",
              pick(['upper', 'lower', 'title', 'trim', 'capitalize', 'string', 'e']),
              "')|list",
            ),
          () => filtered(of('strs'), pick(['sort', 'sort(case_sensitive=true)', 'unique|list', 'sort(true)', 'list'])),
          () => filtered(of('rows'), pick(["map(attribute='g')|list", "groupby('g')|map('first')|list"])),
          () => filtered(of('any'), 'string|list'),
          () => expr('(', of('strs'), ')', slice(random)),
          () => filtered(of('dict'), 'list'),
          () => filtered(of('ints'), "map('string')|list"),
          () => filtered(of('strs'), "map('replace', ", of('str'), ', ', of('str'), ')|list'),
        ])();
      case 'list':
        return pick<() => Node>([
          () =>
            expr(
              '[',
              list(
                'part',
                ', ',
                Array.from({ length: below(4) }, () => of('any')),
              ),
              ']',
            ),
          () => expr('(', of('any'), ', ', of('any'), ')'),
          () =>
            filtered(of('dict'), pick(['dictsort', "dictsort(by='value')", 'items|list', 'dictsort(reverse=true)'])),
          () => expr('(', of('dict'), ').', pick(['items()|list', 'values()|list', 'keys()|list'])),
          () =>
            filtered(sequence(), pick(['batch(2)|list', "batch(3, 'f')|list", 'slice(2)|list', "slice(3, 'f')|list"])),
          () =>
            filtered(
              of('rows'),
              pick([
                "groupby('g')",
                "groupby('v')|list",
                "map('items')|map('list')|list",
                "map(attribute='o', default=0)|list",
              ]),
            ),
          () => filtered(of('any'), 'default([])|list'),
          () => expr('(', sequence(), '|list + ', sequence(), '|list)'),
          () => expr('(', of('list'), ')', slice(random)),
        ])();
      case 'dict':
        return pick<() => Node>([
          () =>
            expr(
              '{',
              list(
                'part',
                ', ',
                Array.from({ length: below(3) }, () => expr(pick(["'a': ", "'b': ", "'key': ", '1: ']), of('any'))),
              ),
              '}',
            ),
          () =>
            expr(
              'dict(',
              list(
                'part',
                ', ',
                [pick(['a=', 'b=']), 'zz='].slice(0, below(3)).map((name) => expr(name, of('any'))),
              ),
              ')',
            ),
          () => expr('dict(', of('dict'), ', b=', of('any'), ')'),
          () => expr('dict((', of('dict'), ').items())'),
          () => filtered(of('rows'), "first|default({'g': 1})"),
          () => expr('(', of('dict'), ').copy()'),
        ])();
      case 'rows':
        return pick<() => Node>([
          () =>
            filtered(
              of('rows'),
              pick([
                "selectattr('v')",
                "rejectattr('v')",
                "selectattr('g', 'equalto', 'x')",
                "selectattr('v', 'gt', 1)",
                "rejectattr('o', 'defined')",
                "selectattr('o', 'undefined')",
              ]),
              '|list',
            ),
          () =>
            filtered(
              of('rows'),
              pick([
                "sort(attribute='v')",
                "sort(attribute='g,v')",
                "sort(true, attribute='g')",
                "unique(attribute='g')|list",
                'reverse|list',
              ]),
            ),
          () => expr('(', of('rows'), ' + ', of('rows'), ')'),
          () => expr('[', expr('{', "'g': ", of('str'), ", 'v': ", of('int'), '}'), ']'),
        ])();
      case 'any':
        return pick<() => Node>([
          () => of(pick(types)),
          () =>
            expr('(', of('dict'), ')', pick(['.a', '.b', "['a']", ".get('a')", ".get('zz', 1)", ".get('b')", '.key'])),
          () => expr('(', of('list'), ')[', of('int'), ']'),
          () => filtered(sequence(), pick(['first', 'last', 'max', 'min', 'length'])),
          () =>
            filtered(
              of('list'),
              pick(["map('string')|list", "select('string')|list", 'select|list', "reject('none')|list"]),
            ),
          () => expr('(', of('any'), pick([' + ', ' ~ ', ' * ', ' == ', ' < ', ' or ']), of('any'), ')'),
        ])();
    }
  }

  const text = textMaker(random, make);
  const condition = conditionMaker(random, make);
  return make;
}
