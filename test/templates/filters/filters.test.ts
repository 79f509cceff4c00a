import { filters } from '../../../src/templates/filters/index.ts';
import type { Kwargs, Value } from '../../../src/templates/python/index.ts';
import {
  type Case,
  compareWithPython,
  copy,
  data,
  dict,
  evaluationOf,
  float,
  lenient,
  markup,
  range,
  source,
  strict,
  tuple,
} from '../python/oracle.ts';

type Named = Readonly<Record<string, Value>>;
/** Arguments by position, then by name. */
type Call = readonly [readonly Value[], Named?];

const plain = evaluationOf();
const escaping = evaluationOf('strict', true);

function callOf(name: string, value: Value, [args, kwargs = {}]: Call, autoescape = false): Case {
  const named: Kwargs = new Map(Object.entries(kwargs));
  const written = [
    source(name),
    source(value),
    ...args.map(source),
    ...Array.from(named, ([key, item]) => `${key}=${source(item)}`),
  ];
  const evaluation = autoescape ? escaping : plain;
  return {
    python: `${autoescape ? 'E' : 'F'}(${written.join(', ')})`,
    ours: () => filters.get(name)?.(evaluation, copy(value), args.map(copy), named) ?? null,
  };
}

function calls(name: string, values: readonly Value[], argLists: readonly Call[] = [[[]]], autoescape = false): Case[] {
  return values.flatMap((value) => argLists.map((each) => callOf(name, value, each, autoescape)));
}

const texts: readonly Value[] = [
  '',
  'a',
  'hello world',
  'Foo <b>Bar</b> & "baz" it\'s',
  'a-b (c) [d] {e} <f>x\ty',
  'line 1\n\n  line 2\r\nline 3\n',
  'ünï 𝒳 ß',
  'aaaa aaaa aaaa aaaa',
  markup('<i>x</i> y'),
];
const users: Value = data([
  { name: 'Bob', age: 30, city: { name: 'Rome' }, on: true, tags: ['x', 'y'] },
  { name: 'alice', age: 25, city: { name: 'oslo' }, on: false, tags: [] },
  { name: 'Carol', age: 30, city: { name: 'Oslo' }, on: true, tags: ['z'] },
]);
const gaps: Value = data([{ name: 'x', a: 1 }, { name: 'y' }, { name: 'z', a: null }]);
const lists: readonly Value[] = [
  [],
  [1],
  [3, 1, 2],
  ['b', 'A', 'c', 'a', 'B'],
  [1, float(1), true, '1'],
  [null, 1],
  [
    [2, 'a'],
    [1, 'b'],
  ],
  [float(0.1), float(0.2), 3],
  [1, 'a'],
  tuple(5, 4),
  'héllo',
  range(0, 7),
  dict(['b', 1], ['a', 2], ['C', 3]),
  users,
  [strict],
  [markup('<b>'), '<c>'],
];
const scalars: readonly Value[] = [
  ...[null, true, false, 0, 1, -7, 42, 2n ** 70n],
  ...[0, -0.5, 1.5, 2.5, 2.675, -3.7, 1e20, 1234567.891].map(float),
  ...[Number.NaN, Number.POSITIVE_INFINITY].map(float),
  ...['', '5', ' 42 ', '-1.5', '1e3', '0x1f', '0b11', '1_000', 'abc', '٣', 'inf', 'nan', '12.5.1', '0o17', 'ff', '+7'],
  ...[[], [1], dict(), tuple(), markup('7')],
];
const undefinedValues: readonly Value[] = [strict, lenient];
const anything = [...texts, ...lists, ...scalars, ...undefinedValues];

/** Filters that take anything without arguments. */
const withoutArguments = [...filters.keys()].filter((name) => name !== 'random');

compareWithPython('filters', {
  ...Object.fromEntries(withoutArguments.map((name) => [`${name} without arguments`, calls(name, anything)])),
  'a wrong argument': withoutArguments.flatMap((name) =>
    calls(name, ['a', 1, [1]], [[[], { nothing: 1 }], [[1, 2, 3, 4, 5, 6, 7, 8]]]),
  ),
  abs: calls('abs', scalars),
  attr: calls(
    'attr',
    [users, dict(['a', 1]), 5, 'x', strict, lenient, float(1)],
    [[['name']], [['real']], [['nothing']], [['a']]],
  ),
  batch: calls('batch', lists, [
    [[2]],
    [[3, 'x']],
    [[3], { fill_with: 0 }],
    [[1]],
    [[0]],
    [['a']],
    [[], { linecount: 2 }],
  ]),
  slice: calls('slice', lists, [[[2]], [[3, 'x']], [[3], { fill_with: 0 }], [[0]], [[1]], [[-1]], [['a']]]),
  center: calls('center', texts, [[[20]], [[5]], [[], { width: 11 }], [['x']]]),
  'default and d': ['default', 'd'].flatMap((name) =>
    calls(
      name,
      [...undefinedValues, null, '', 0, 'x', []],
      [[['y']], [['y', true]], [['y'], { boolean: true }], [[], { default_value: 1 }], [[strict]]],
    ),
  ),
  dictsort: calls(
    'dictsort',
    [dict(['b', 1], ['A', 3], ['a', 2]), dict([2, 'x'], [1, 'Y']), dict(['a', 1], [1, 2]), dict()],
    [
      [[true]],
      [[false, 'value']],
      [[false, 'key', true]],
      [[], { reverse: true, by: 'value' }],
      [[], { case_sensitive: true }],
      [[false, 'x']],
    ],
  ),
  'escape and its kin': ['escape', 'e', 'forceescape', 'safe', 'string', 'striptags'].flatMap((name) =>
    calls(name, anything, [[[]]], true),
  ),
  filesizeformat: calls(
    'filesizeformat',
    [0, 1, 2, 999, 1000, 1023, 1024, 123456789, 10 ** 15, 2n ** 90n, float(1.5), '1500', 'x', -5, true, 10n ** 30n],
    [[[]], [[true]], [[], { binary: true }]],
  ),
  float: calls('float', scalars, [[[float(1.5)]], [['x']], [[], { default: null }]]),
  int: calls('int', scalars, [
    [[7]],
    [[0, 16]],
    [[0, 0]],
    [[0, 2]],
    [[0, 8]],
    [[], { default: -1, base: 36 }],
    [[0, 1]],
    [[0, 'x']],
  ]),
  'first and last': ['first', 'last'].flatMap((name) => calls(name, lists)),
  format: calls(
    'format',
    ['%s', '%s-%s', '%(a)s', '%%', 'x', markup('<%s>'), 5, '%d'],
    [[[1]], [['a', 'b']], [[], { a: 1 }], [[1], { a: 1 }], [[]], [[strict]], [['<']]],
  ),
  groupby: [
    ...calls(
      'groupby',
      [users],
      [
        [['name']],
        [['age']],
        [['city.name']],
        [['city.name'], { case_sensitive: true }],
        [[], { attribute: 'on' }],
        [['nothing']],
        [['nothing'], { default: 'x' }],
      ],
    ),
    ...calls('groupby', [gaps], [[['a']], [['a'], { default: 0 }], [['a', 5]]]),
    ...calls('groupby', [[tuple('a', 1), tuple('b', 2), tuple('A', 3)]], [[[0]], [['0']], [[1]], [[0, null, true]]]),
  ],
  indent: calls('indent', texts, [
    [[2]],
    [[2, true]],
    [[2, false, true]],
    [['> ']],
    [['\t', true, true]],
    [[], { width: 1, first: true, blank: true }],
    [[0]],
    [[-1]],
    [[float(1)]],
  ]),
  join: calls(
    'join',
    [...lists, [1, null, true, float(1.5), ['x']]],
    [
      [[', ']],
      [[1]],
      [[null]],
      [[], { attribute: 'name' }],
      [['-', 'age']],
      [[' '], { attribute: 'city.name' }],
      [[], { d: '/' }],
      [['<']],
      [['-', 0]],
    ],
  ),
  'join with autoescape': calls(
    'join',
    [...lists, [markup('<b>'), '<c>', 1]],
    [[[]], [['<']], [[markup('<br>')]]],
    true,
  ),
  map: [
    ...calls('map', lists, [
      [['string']],
      [['upper']],
      [['default', 'x']],
      [['int'], { default: 5 }],
      [['nofilter']],
      [['round', 1, 'floor']],
      [[strict]],
      [[5]],
    ]),
    ...calls(
      'map',
      [users, gaps, [[1, 2], [3]]],
      [
        [[], { attribute: 'name' }],
        [[], { attribute: 'a' }],
        [[], { attribute: 'a', default: 'none' }],
        [[], { attribute: 'city.name' }],
        [[], { attribute: 0 }],
        [[], { attribute: 'tags.0', default: '-' }],
        [[], { attribute: 'name', nothing: 1 }],
        [[], { attribute: '1' }],
        [[], { attribute: null }],
      ],
    ),
  ],
  'min and max': ['min', 'max'].flatMap((name) => [
    ...calls(name, lists, [[[true]], [[], { case_sensitive: true }]]),
    ...calls(
      name,
      [users, gaps],
      [[[], { attribute: 'age' }], [[], { attribute: 'name' }], [[false, 'city.name']], [[], { attribute: 'a' }]],
    ),
  ]),
  'select, reject and their kin': [
    ...['select', 'reject'].flatMap((name) =>
      calls(
        name,
        [...lists, ...undefinedValues],
        [
          [['odd']],
          [['string']],
          [['gt', 1]],
          [['in', [1, 'a']]],
          [['defined']],
          [['equalto', 1]],
          [['notest']],
          [['divisibleby'], { num: 2 }],
        ],
      ),
    ),
    ...['selectattr', 'rejectattr'].flatMap((name) =>
      calls(
        name,
        [users, gaps, dict(), []],
        [
          [['on']],
          [['age', 'gt', 26]],
          [['name', 'eq', 'Bob']],
          [['a', 'defined']],
          [['a', 'none']],
          [['a']],
          [['city.name', 'equalto', 'Oslo']],
          [['tags']],
          [['nothing', 'undefined']],
          [[]],
        ],
      ),
    ),
  ],
  replace: [false, true].flatMap((autoescape) =>
    calls(
      'replace',
      [...texts, 5, null],
      [
        [['a', 'b']],
        [['a', '<']],
        [['<', '&']],
        [['a', 'b', 1]],
        [['a', 'b'], { count: 2 }],
        [[1, 2]],
        [['', '-']],
        [[markup('<i>'), 'x']],
        [['a', markup('<b>')]],
        [['a']],
        [[], { old: 'a', new: 'c' }],
      ],
      autoescape,
    ),
  ),
  round: calls('round', scalars, [
    [[1]],
    [[2]],
    [[-1]],
    [[0, 'ceil']],
    [[1, 'floor']],
    [[], { method: 'ceil' }],
    [[0, 'x']],
    [[2, 'ceil']],
    [[-2, 'floor']],
    [[null]],
    [[], { precision: 3 }],
    [['x']],
    [[20]],
  ]),
  'round of many floats': Array.from({ length: 400 }, (_, index) => float((index * 37 - 5000) / 800)).flatMap((value) =>
    calls('round', [value], [[[]], [[1]], [[2]], [[3]], [[-1]]]),
  ),
  sort: [
    ...calls('sort', lists, [[[true]], [[false, true]], [[], { reverse: true, case_sensitive: true }]]),
    ...calls(
      'sort',
      [users, gaps],
      [
        [[], { attribute: 'name' }],
        [[], { attribute: 'age,name' }],
        [[], { attribute: 'age', reverse: true }],
        [[], { attribute: 'city.name' }],
        [[], { attribute: 'city.name', case_sensitive: true }],
        [[], { attribute: 'a' }],
        [[], { attribute: 'nothing' }],
      ],
    ),
  ],
  sum: [
    ...calls(
      'sum',
      [...lists, [[1], [2]], [tuple(1)], []],
      [[[]], [[], { start: 10 }], [[null, []]], [[], { start: 'x' }], [[], { start: float(0.5) }]],
    ),
    ...calls('sum', [users, gaps], [[['age']], [['age', 5]], [[], { attribute: 'a' }]]),
  ],
  trim: calls('trim', texts, [[['a']], [['h d']], [[], { chars: '\n' }], [[1]]]),
  truncate: calls(
    'truncate',
    [...texts, [1, 2, 3], 5],
    [
      [[5]],
      [[8, true]],
      [[8, false, '']],
      [[9, false, '>', 0]],
      [[], { length: 7, leeway: 0 }],
      [[2]],
      [[10, true, '…', 0]],
      [[5, true, '<>', 0]],
      [[5, false, '...', -1]],
    ],
  ),
  unique: [
    ...calls('unique', lists, [[[true]], [[], { case_sensitive: true }]]),
    ...calls('unique', [users], [[[], { attribute: 'age' }], [[false, 'city.name']], [[true, 'city.name']]]),
  ],
  urlencode: calls('urlencode', [
    'a b/c?d=e&f',
    'ü𝒳~-._',
    dict(['a b', 1], ['c/d', 'e f']),
    [tuple('a', 'b'), ['c', 'd']],
    [1],
    ['abc'],
    5,
    '%+',
    markup('<a>'),
  ]),
  wordcount: calls('wordcount', texts),
  wordwrap: calls(
    'wordwrap',
    [
      ...texts,
      'a very-long-hyphenated-word in text -- with dashes--here and x-y-z',
      'abcdefghijklmnopqrstuvwxyz',
      '   leading   spaces  and   trailing   ',
      'nb\xa0space words-and 1-2-3 e-mail a--b',
    ],
    [
      [[10]],
      [[5]],
      [[10, false]],
      [[10, true, '<br>']],
      [[10, true, null, false]],
      [[3, false, '|', false]],
      [[1]],
      [[0]],
      [[], { width: 12, wrapstring: '~', break_on_hyphens: false }],
    ],
  ),
  xmlattr: [false, true].flatMap((autoescape) =>
    calls(
      'xmlattr',
      [
        dict(['a', 1], ['b', null], ['c', '<"'], ['d', strict]),
        dict(),
        dict(['a b', 1]),
        dict(['a>', 1]),
        dict([1, 2]),
        dict(['k', markup('<b>')]),
      ],
      [[[]], [[false]], [[], { autospace: false }]],
      autoescape,
    ),
  ),
  tojson: calls(
    'tojson',
    [
      ...lists,
      ...scalars,
      'ü𝒳 <a> & \'"\\ \n\x01\x7f\u2028',
      dict(['b', [1, dict(['z', null], ['a', true])]], ['a', float(1)]),
      dict([1, 'x'], [2, 'y']),
      dict([true, 1]),
      dict([null, 1]),
      dict([float(1.5), 1]),
      dict([tuple(1), 1]),
      dict([1, 1], ['a', 1]),
    ],
    [[[]], [[2]], [[0]], [['--']], [[], { indent: 1 }], [[-1]]],
  ),
  pprint: calls('pprint', [
    ...lists,
    ...texts,
    users,
    dict(['z', 1], ['a', 2], [1, 3], [null, 4]),
    'word '.repeat(30),
    'x'.repeat(100),
    [
      'word '.repeat(30),
      'line one is here\nline two is there and it is a long one, longer than eighty characters in all\n',
    ],
    dict(['text', 'lorem ipsum dolor sit amet '.repeat(8)], ['list', Array.from({ length: 40 }, (_, index) => index)]),
    Array.from({ length: 5 }, (_, index) =>
      data({ index, name: `name-${index}`, inner: { deep: [index, [index, 'some text']], more: 'x'.repeat(20) } }),
    ),
    tuple('a'.repeat(50), 'b'.repeat(50)),
    tuple('a'.repeat(90)),
    [[], [[]], dict(), tuple()],
  ]),
  urlize: calls(
    'urlize',
    [
      'see http://example.com/a?b=c&d, www.example.org. and (https://x.org/y_(z)) <http://a.de>',
      'mail foo@example.com or mailto:bar@example.org, not @x or a@b',
      'example.com example.foo ftp://x.y tel:+123 https://1.2.3.4:80/x http://[::1]/ http://localhost http://foo',
      'a b\n  http://a.b.c/long/long/long/path#frag',
      markup('<b> http://x.com </b>'),
      '((http://x.com)) http://x.com&gt; "http://x.com"',
      'xn--http http://xn--fsq.com HTTP://EXAMPLE.COM',
    ],
    [
      [[]],
      [[10]],
      [[20, true]],
      [[null, false, '_blank']],
      [[], { rel: 'foo bar', target: '<x>' }],
      [[], { extra_schemes: ['tel:', 'ftp://'] }],
      [[], { extra_schemes: ['x'] }],
    ],
  ),
});
