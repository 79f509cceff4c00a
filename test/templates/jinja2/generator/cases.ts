/** Random cases: templates that include, import and extend each other, data and options. */
import type { Options, Request } from '../oracle.ts';
import { randomData, smallerData } from './data.ts';
import { expressionMaker } from './expressions.ts';
import { list, type Node, node, smaller, textOf } from './node.ts';
import { createRandom } from './random.ts';
import { dataTypes, type Scope, withVariable } from './scope.ts';
import { statementsMaker } from './statements.ts';

export interface Case {
  readonly files: Readonly<Record<string, Node>>;
  readonly data: Readonly<Record<string, unknown>>;
  readonly options: Options;
}

/** The same for the same seed. */
export function randomCase(seed: number): Case {
  const random = createRandom(seed);
  // The first numbers of neighbouring seeds are alike.
  for (let skipped = 0; skipped < 8; skipped++) random.below(2);
  const { chance, pick, below } = random;
  const statements = statementsMaker(random, expressionMaker(random));
  const scope: Scope = {
    variables: Object.entries(dataTypes).map(([name, type]) => ({ name, type })),
    macros: [],
    inLoop: false,
    inBlock: false,
    captured: false,
    blocks: [],
    parts: [],
  };
  const files: Record<string, Node> = {};
  let main: Scope = scope;
  const prefix: Node[] = [];
  if (chance(0.2)) {
    files.part = statements(withVariable(scope, 'x', 'int'), 2, 3).made;
    main = { ...main, parts: ['part'] };
  }
  if (chance(0.2)) {
    const imported = pick([
      { names: 'lib.', how: "import 'lib' as lib" },
      { names: '', how: "from 'lib' import i1, i2" },
      { names: 'lib.', how: "import 'lib' as lib with context" },
      { names: '', how: "from 'lib' import i1, i2 with context" },
    ]);
    const bodies = [
      statements(
        withVariable({ ...scope, variables: imported.how.endsWith('with context') ? scope.variables : [] }, 'p', 'any'),
        2,
        3,
      ).made,
      statements(scope, 1, 2).made,
    ];
    files.lib = list('statements', '', [
      node('statement', '{% macro i1(p, q=2) %}', bodies[0] ?? '', '{% endmacro %}'),
      node('statement', '\n{%- macro i2() %}', bodies[1] ?? '', '{{ varargs }}{% endmacro %}'),
    ]);
    prefix.push(node('statement', `{% ${imported.how} %}`));
    main = {
      ...main,
      macros: [
        { name: `${imported.names}i1`, parameters: ['p', 'q'] },
        { name: `${imported.names}i2`, parameters: [] },
      ],
    };
  }
  if (chance(0.2)) {
    const blocks = ['one', 'two', 'three'].slice(0, 1 + below(3));
    const body = (inner: Scope, depth = 1): Node => statements(inner, depth, 2).made;
    files.base = list(
      'statements',
      '',
      blocks.flatMap((name) => [
        body(scope, 1),
        node('statement', `{% block ${name}${chance(0.3) ? ' scoped' : ''} %}`, body(scope), '{% endblock %}'),
      ]),
    );
    const parent = chance(0.3) ? 'middle' : 'base';
    if (parent === 'middle')
      files.middle = list('statements', '', [
        node('statement', "{% extends 'base' %}"),
        node('statement', `{% block ${pick(blocks)} %}`, body({ ...scope, inBlock: true }), '{% endblock %}'),
      ]);
    const { made, scope: after } = statements(main, 1, 2);
    files.main = list('statements', '', [
      node('statement', `{% extends '${parent}' %}`),
      ...prefix,
      made,
      ...blocks
        .filter(() => chance(0.7))
        .map((name) =>
          node('statement', `{% block ${name} %}`, body({ ...after, inBlock: true }, 2), `{% endblock %}`),
        ),
    ]);
  } else files.main = list('statements', '', [...prefix, statements(main, 2 + below(2), 4).made]);
  const options: Options = {
    ...(chance(0.2) ? { trim_blocks: true } : {}),
    ...(chance(0.2) ? { lstrip_blocks: true } : {}),
    ...(chance(0.1) ? { keep_trailing_newline: true } : {}),
    ...(chance(0.4) ? { undefined: 'lenient' as const } : {}),
  };
  return { files, data: randomData(random), options };
}

export function requestOf({ files, data, options }: Case): Request {
  const templates = Object.fromEntries(Object.entries(files).map(([name, tree]) => [name, textOf(tree)]));
  return { templates, main: 'main', data, options };
}

/** Cases with less in them, one step away. */
export function* smallerCases({ files, data, options }: Case): Generator<Case> {
  for (const name of Object.keys(options))
    yield { files, data, options: Object.fromEntries(Object.entries(options).filter(([other]) => other !== name)) };
  for (const name of Object.keys(files))
    if (name !== 'main')
      yield { files: Object.fromEntries(Object.entries(files).filter(([other]) => other !== name)), data, options };
  for (const [name, tree] of Object.entries(files))
    for (const other of smaller(tree)) yield { files: { ...files, [name]: other }, data, options };
  for (const other of smallerData(data)) yield { files, data: other as Case['data'], options };
}
