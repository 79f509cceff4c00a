/** Random statements: what stands in a template, or between a tag and its end. */
import { list, type Node, node } from './node.ts';
import type { Random } from './random.ts';
import { type MakeExpression, type Scope, type Type, withVariable } from './scope.ts';

/** The statements, and the scope behind them. */
export type MakeStatements = (
  scope: Scope,
  depth: number,
  most?: number,
) => { readonly made: Node; readonly scope: Scope };

const texts = [
  'a',
  ' ',
  '\n',
  '\n\n',
  'RUN x \\\n  && y',
  '\n  ',
  '  \n',
  '\t',
  'FROM a:b\n',
  '{ ',
  '} ',
  '# c\n',
  '-',
  'é',
  '\r\n',
  ' end ',
];
const names: readonly [string, Type][] = [
  ['x', 'int'],
  ['y', 'str'],
  ['z', 'any'],
  ['n', 'int'],
  ['s', 'str'],
  ['xs', 'ints'],
  ['q', 'list'],
  ['d', 'dict'],
];

interface Made {
  readonly node: Node;
  readonly scope: Scope;
}

export function statementsMaker(random: Random, expression: MakeExpression): MakeStatements {
  const { pick, chance, below } = random;
  let macroCount = 0;
  let blockCount = 0;

  const statements: MakeStatements = (scope, depth, most = 4) => {
    const items: Node[] = [];
    let inner = scope;
    const count = 1 + below(most);
    for (let index = 0; index < count; index++) {
      const { node: item, scope: next } = statement(inner, depth);
      items.push(item);
      inner = next;
    }
    return { made: list('statements', '', items), scope: inner };
  };

  const mark = (text: string): Node => node('mark', text);
  const tag = (...parts: readonly (string | Node)[]): readonly (string | Node)[] => [
    '{%',
    ...sign(),
    ' ',
    ...parts,
    ' ',
    ...sign(),
    '%}',
  ];
  const sign = (): readonly Node[] => (chance(0.15) ? [mark('-')] : chance(0.03) ? [mark('+')] : []);

  function statement(scope: Scope, depth: number): Made {
    const kept = (made: Node): Made => ({ node: made, scope });
    if (depth <= 0 || chance(0.35)) return kept(chance(0.4) ? plain() : output(scope, depth));
    const choice = below(26);
    if (choice < 4) return kept(conditional(scope, depth));
    if (choice < 9) return kept(loop(scope, depth));
    if (choice < 13) return assignment(scope, depth);
    if (choice < 15) return macro(scope, depth);
    switch (choice) {
      case 15: {
        const [name, type] = pick(names);
        const body = statements(withVariable(scope, name, type), depth - 1, 3).made;
        const value = expression(scope, type, depth);
        return kept(node('statement', ...tag('with ', name, ' = ', value), body, ...tag('endwith')));
      }
      case 16: {
        const body = statements({ ...scope, captured: true }, depth - 1, 3).made;
        const filter = pick([
          'upper',
          'trim',
          'replace("a", "b")',
          'indent(2)',
          'title|lower',
          'e',
          'wordwrap(8)',
          'center(12)',
        ]);
        return kept(node('statement', ...tag('filter ', filter), body, ...tag('endfilter')));
      }
      case 17:
        return kept(
          node(
            'statement',
            '{%',
            ...minus(),
            ' raw ',
            ...minus(),
            '%}',
            pick(texts),
            '{{ x }}{% if %}',
            pick(texts),
            ...tag('endraw'),
          ),
        );
      case 18:
        return kept(node('statement', '{#', ...minus(), pick([' c ', '\n', ' {{ x }} ', '{%']), ...minus(), '#}'));
      case 19:
        return kept(change(scope, depth));
      case 20:
        return kept(callBlock(scope, depth));
      case 21:
        return kept(scope.parts.length === 0 ? output(scope, depth) : include(scope));
      case 22:
        return kept(scope.inLoop ? leave(scope, depth) : output(scope, depth));
      case 23:
        return kept(block(scope, depth));
      case 24:
        return namespace(scope, depth);
      default:
        return kept(output(scope, depth));
    }
  }

  const minus = (): readonly Node[] => (chance(0.2) ? [mark('-')] : []);

  function plain(): Node {
    return node('statement', node('text', pick(texts)));
  }

  function output(scope: Scope, depth: number): Node {
    const type = pick<Type>([
      'int',
      'str',
      'str',
      'bool',
      'ints',
      'strs',
      'list',
      'dict',
      'any',
      'float',
      'rows',
      'any',
    ]);
    return node('statement', '{{', ...minus(), ' ', expression(scope, type, depth), ' ', ...minus(), '}}');
  }

  function conditional(scope: Scope, depth: number): Node {
    const branch = (): Node => statements(scope, depth - 1, 3).made;
    const condition = (): Node => expression(scope, pick<Type>(['bool', 'bool', 'any', 'ints']), depth);
    const parts: (string | Node)[] = [...tag('if ', condition()), branch()];
    if (chance(0.25)) parts.push(node('part', ...tag('elif ', condition()), branch()));
    if (chance(0.4)) parts.push(node('part', ...tag('else'), branch()));
    return node('statement', ...parts, ...tag('endif'));
  }

  function loop(scope: Scope, depth: number): Node {
    const inLoop: Scope = { ...scope, inLoop: true };
    const [target, source, inner] = pick<() => readonly [string, Node, Scope]>([
      () => ['x', expression(scope, 'ints', depth), withVariable(inLoop, 'x', 'int')],
      () => ['y', expression(scope, 'strs', depth), withVariable(inLoop, 'y', 'str')],
      () => ['r', expression(scope, 'rows', depth), withVariable(inLoop, 'r', 'dict')],
      () => ['z', expression(scope, 'list', depth), withVariable(inLoop, 'z', 'any')],
      () => {
        const made = node('expression', '(', expression(scope, 'dict', depth), ').items()');
        return ['k, v', made, withVariable(withVariable(inLoop, 'k', 'str'), 'v', 'any')];
      },
      () => {
        const made = node('expression', '(', expression(scope, 'rows', depth), ")|groupby('g')");
        return ['k, v', made, withVariable(withVariable(inLoop, 'k', 'str'), 'v', 'rows')];
      },
      () => ['k', expression(scope, 'dict', depth), withVariable(inLoop, 'k', 'str')],
      () => ['n', expression(scope, 'ints', depth), withVariable(inLoop, 'n', 'int')],
    ])();
    const recursive = target === 'z' && chance(0.4);
    const filtered = { ...inner, inLoop: false };
    const parts: (string | Node)[] = [
      ...tag(
        `for ${target} in `,
        source,
        ...(chance(0.25) ? [node('part', ' if ', expression(filtered, 'bool', depth - 1))] : []),
        recursive ? ' recursive' : '',
      ),
      statements({ ...inner, captured: inner.captured || recursive }, depth - 1, 3).made,
    ];
    if (recursive)
      parts.push('{% if loop.depth < 4 and z is iterable and z is not string %}({{ loop(z) }}){% endif %}');
    const otherwise = { ...scope, captured: scope.captured || recursive };
    if (chance(0.25)) parts.push(node('part', ...tag('else'), statements(otherwise, depth - 1, 2).made));
    return node('statement', ...parts, ...tag('endfor'));
  }

  function assignment(scope: Scope, depth: number): Made {
    const [name, type] = pick(names);
    const after = withVariable(scope, name, type);
    const value = (wanted: Type): Node => expression(scope, wanted, depth);
    switch (below(8)) {
      case 0: {
        const body = statements({ ...scope, captured: true }, depth - 1, 2).made;
        const filter = chance(0.3)
          ? pick(['| upper', '| trim', '| replace("a", "b") | title', '| length | string'])
          : '';
        const made = node('statement', ...tag(`set ${name} ${filter}`), body, ...tag('endset'));
        return { node: made, scope: withVariable(scope, name, 'str') };
      }
      case 1: {
        const made = node('statement', ...tag('set x, y = ', value('int'), ', ', value('str')));
        return { node: made, scope: withVariable(withVariable(scope, 'x', 'int'), 'y', 'str') };
      }
      case 2:
        return {
          node: node('statement', ...tag(`set ${name} = `, value('int'), ',')),
          scope: withVariable(scope, name, 'ints'),
        };
      default:
        return { node: node('statement', ...tag(`set ${name} = `, value(type))), scope: after };
    }
  }

  function macro(scope: Scope, depth: number): Made {
    macroCount += 1;
    const name = chance(0.9) ? `m${macroCount}` : pick(['m1', 'n', 'x']);
    const parameters = ['p', 'q', 'n', 's'].slice(0, below(4));
    let inner: Scope = { ...scope, inLoop: false, inBlock: false, captured: true };
    for (const parameter of parameters) inner = withVariable(inner, parameter, 'any');
    let defaults = chance(0.5);
    const written = parameters.map((parameter, index) => {
      defaults &&= index >= 0;
      const own = defaults || (index > 0 && index === parameters.length - 1 && chance(0.5));
      return own ? node('part', `${parameter}=`, expression(scope, 'any', 1)) : node('part', parameter);
    });
    const extras = pick([
      '',
      '',
      '',
      '{{ varargs }}',
      '{{ kwargs }}',
      '{{ varargs|length }}{{ kwargs }}',
      '{{ caller is defined }}',
      '{{ caller() if caller is defined }}',
    ]);
    const body = statements(inner, depth - 1, 3).made;
    const made = node(
      'statement',
      ...tag(`macro ${name}(`, list('part', ', ', written), ')'),
      body,
      node('text', extras),
      ...tag('endmacro'),
    );
    return { node: made, scope: { ...scope, macros: [...scope.macros, { name, parameters }] } };
  }

  function callBlock(scope: Scope, depth: number): Node {
    const own = chance(0.5) || scope.macros.length === 0;
    const withArgument = chance(0.4);
    const wrapper = `{% macro w(a=1) %}<{{ caller(${withArgument ? 'a' : ''}) }}>{% endmacro %}`;
    const name = own ? 'w' : pick(scope.macros).name;
    const inner = withArgument ? withVariable(scope, 'c', 'any') : scope;
    const body = statements({ ...inner, inLoop: false, inBlock: false, captured: true }, depth - 1, 3).made;
    const argument = chance(0.5) ? expression(scope, 'any', depth - 1) : node('part', '');
    return node(
      'statement',
      own ? wrapper : '',
      ...tag(`call${withArgument ? '(c)' : ''} ${name}(`, argument, ')'),
      body,
      ...tag('endcall'),
    );
  }

  function change(scope: Scope, depth: number): Node {
    return node(
      'statement',
      ...tag(
        'do ',
        pick<() => Node>([
          // Never a list that a loop may be running over: it would not end.
          () => node('part', 'acc.append(', expression(scope, 'any', depth - 1), ')'),
          () => node('part', 'acc.extend(', expression(scope, 'strs', depth - 1), ')'),
          () => node('part', 'acc.insert(0, ', expression(scope, 'any', depth - 1), ')'),
          () => node('part', 'acc.reverse()'),
          () =>
            node('part', 'd.update({', pick(["'a'", "'b'", "'zz'"]), ': ', expression(scope, 'any', depth - 1), '})'),
          () => node('part', 'd.setdefault(', expression(scope, 'str', depth - 1), ', 5)'),
          () => node('part', expression(scope, 'any', depth - 1)),
        ])(),
      ),
    );
  }

  function include(scope: Scope): Node {
    const name = pick(scope.parts);
    const how = pick(['', '', '', ' with context', ' ignore missing', ...(scope.captured ? [] : [' without context'])]);
    return pick([
      () => node('statement', ...tag(`include '${name}'${how}`)),
      () => node('statement', ...tag(`include ['missing', '${name}']${how}`)),
      () => node('statement', ...tag(`include 'missing' ignore missing`)),
    ])();
  }

  function leave(scope: Scope, depth: number): Node {
    const word = pick(['break', 'continue']);
    return node('statement', ...tag('if ', expression(scope, 'bool', depth - 1)), ...tag(word), ...tag('endif'));
  }

  function block(scope: Scope, depth: number): Node {
    if (scope.inBlock && chance(0.5)) return output(scope, depth);
    blockCount += 1;
    const scoped = chance(0.4);
    const body = statements({ ...scope, inBlock: false, inLoop: false }, depth - 1, 3).made;
    const name = `b${blockCount}`;
    const again = chance(0.15) ? `{{ self.${name}() }}` : '';
    return node(
      'statement',
      ...tag(`block ${name}${scoped ? ' scoped' : ''}`),
      body,
      ...tag(`endblock${chance(0.3) ? ` ${name}` : ''}`),
      again,
    );
  }

  function namespace(scope: Scope, depth: number): Made {
    const known = scope.variables.some(({ name }) => name === 'ns.v');
    if (!known) {
      const made = node('statement', ...tag('set ns = namespace(v=', expression(scope, 'any', depth - 1), ')'));
      return { node: made, scope: withVariable(scope, 'ns.v', 'any') };
    }
    const value = expression(scope, pick<Type>(['any', 'int', 'str']), depth - 1);
    return { node: node('statement', ...tag('set ns.v = ', value)), scope };
  }

  return statements;
}
