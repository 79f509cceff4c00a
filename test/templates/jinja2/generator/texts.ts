/** Random expressions that give texts. */
import { expr, filtered, list, type Node, slice } from './node.ts';
import type { Random } from './random.ts';
import type { MakeExpression, Scope, Type } from './scope.ts';

export function textMaker(random: Random, make: MakeExpression): (scope: Scope, depth: number) => Node {
  const { pick, chance, below } = random;

  function text(scope: Scope, depth: number): Node {
    const of = (wanted: Type): Node => make(scope, wanted, depth);
    const macros = scope.macros;
    return pick<() => Node>([
      () => expr('(', of('any'), ' ~ ', of('any'), ')'),
      () => expr('(', of('str'), ' + ', of('str'), ')'),
      () => expr('(', of('str'), ' * ', pick(['0', '1', '2', '3']), ')'),
      () =>
        filtered(
          of('str'),
          pick([
            'upper',
            'lower',
            'title',
            'capitalize',
            'trim',
            'e',
            'string',
            'reverse',
            'safe|string',
            'striptags',
            'urlencode',
            'wordcount',
            'first|default',
            'tojson',
          ]),
        ),
      () =>
        filtered(
          of('str'),
          pick(['replace', 'replace']),
          '(',
          of('str'),
          ', ',
          of('str'),
          pick([')', ', 1)', ', count=2)']),
        ),
      () =>
        filtered(
          of('str'),
          pick([
            'center(9)',
            'truncate(5, true)',
            'truncate(6)',
            'indent(2)',
            'indent(1, true)',
            "indent('> ', blank=true)",
            'wordwrap(5)',
            "trim('a')",
            'truncate(4, leeway=0)',
          ]),
        ),
      () => filtered(of(pick(['ints', 'strs', 'list'])), 'join', pick(['', "(',')", "(', ')", "('')"])),
      () =>
        filtered(
          of('rows'),
          pick([
            "join(',', attribute='v')",
            "map(attribute='g')|join",
            "join('-', 'g')",
            'tojson',
            'map("string")|first|default("")',
          ]),
        ),
      () => filtered(of('any'), 'string'),
      () => filtered(of(pick(['any', 'list', 'dict'])), pick(['pprint', 'string', 'tojson'])),
      () => expr('(', pick(["'%s'", "'%s|%5s|'[:2]", "'<%-4s>'", "'%r'"]), ' % (', of('any'), ',))'),
      () =>
        expr(
          '(',
          pick(["'%d'", "'%05d'", "'%x'", "'%+d'", "'%.1f'", "'%e'", "'%g'"]),
          ' % ',
          of(pick(['int', 'float'])),
          ')',
        ),
      () =>
        expr(
          pick(["'{}'", "'{:>6}'", "'{0}{0}'", "'{!r}'", "'<{:^5}>'"]),
          '.format(',
          of(pick(['str', 'int', 'any'])),
          ')',
        ),
      () => expr('(', of('str'), ')', slice(random)),
      () =>
        expr(
          '(',
          of('str'),
          ').',
          pick([
            'upper()',
            'lower()',
            'strip()',
            'title()',
            'swapcase()',
            "lstrip('a ')",
            "rstrip('b')",
            'capitalize()',
            'zfill(4)',
            "ljust(4, '.')",
            "removeprefix('a')",
          ]),
        ),
      () => expr('(', of('str'), ').replace(', of('str'), ', ', of('str'), ')'),
      () => expr('(', of('str'), ').join(', of('strs'), ')'),
      () => filtered(of(pick(['int', 'float'])), pick(['filesizeformat', 'string', 'round|string'])),
      () => (macros.length === 0 ? of('str') : call(scope, depth)),
      () => (macros.length === 0 ? of('any') : call(scope, depth)),
      () => (scope.inBlock && chance(0.5) ? expr('super()') : of('str')),
      () => (scope.inLoop ? expr('loop.cycle(', of('any'), ', ', of('any'), ')') : of('str')),
      () => (scope.inLoop ? filtered(expr(pick(['loop.previtem', 'loop.nextitem'])), "default('-')") : of('str')),
    ])();
  }

  function call({ macros, ...scope }: Scope, depth: number): Node {
    const { name, parameters } = pick(macros);
    const inner: Scope = { ...scope, macros: chance(0.3) ? macros : [] };
    const count = chance(0.1) ? below(4) : Math.min(below(4), parameters.length);
    const positional = Array.from({ length: count }, () => make(inner, 'any', depth - 1));
    const named = parameters
      .slice(count)
      .filter(() => chance(0.4))
      .map((parameter) => expr(`${parameter}=`, make(inner, 'any', depth - 1)));
    return expr(`${name}(`, list('part', ', ', [...positional, ...named]), ')');
  }

  return text;
}
