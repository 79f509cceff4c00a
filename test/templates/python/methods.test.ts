import {
  callMethod,
  getattr,
  getitem,
  isCallable,
  type Kwargs,
  Tuple,
  type Value,
} from '../../../src/templates/python/index.ts';
import {
  type Case,
  compareWithPython,
  copy,
  data,
  dict,
  evaluation,
  float,
  lenient,
  listed,
  markup,
  range,
  source,
  strict,
  tuple,
} from './oracle.ts';

/** A call of a method, and what became of what it was called on. */
function callOf(
  self: Value,
  name: string,
  args: readonly Value[] = [],
  kwargs: Readonly<Record<string, Value>> = {},
): Case {
  const named: Kwargs = new Map(Object.entries(kwargs));
  const written = [
    source(self),
    source(name),
    ...args.map(source),
    ...Array.from(named, ([key, value]) => `${key}=${source(value)}`),
  ];
  return {
    python: `M(${written.join(', ')})`,
    ours: () => {
      const own = copy(self);
      return new Tuple([listed(callMethod(own, name, args.map(copy), named, evaluation)), own]);
    },
  };
}

function calls(selves: readonly Value[], name: string, argLists: readonly (readonly Value[])[]): Case[] {
  return selves.flatMap((self) => argLists.map((args) => callOf(self, name, args)));
}

const texts = [
  '',
  'a',
  'Hello World',
  '  spaced  out\t\n',
  'a,b,,c',
  'abcabc',
  "it's TITLE case-d",
  'line1\nline2\r\nline3\x0b\x1cx\u2028y',
  'ünïcödé ß ŉ ǆ ΑΣ σς',
  '𝒳𝒴 astral 𝒵',
  '12345',
  '-42',
  '½²Ⅷ٣',
  'x\ty\n\tz',
  '\xa0nb\x85sp\u3000',
  'www.example.com',
];
const subs: readonly Value[] = ['', 'a', 'b', ',', 'abc', ' ', 'c', '𝒴', 'e', null, 5, strict];

const noArguments = [
  ...['capitalize', 'casefold', 'lower', 'swapcase', 'title', 'upper', 'isalnum', 'isalpha', 'isascii', 'isdecimal'],
  ...['isdigit', 'isidentifier', 'islower', 'isnumeric', 'isprintable', 'isspace', 'istitle', 'isupper', 'strip'],
  ...['lstrip', 'rstrip', 'split', 'rsplit', 'splitlines', 'expandtabs'],
];
/** Characters that have been the same in all versions of Unicode for long. */
const characters = [
  [0, 0x373],
  [0x38e, 0x3ff],
  [0x400, 0x513],
  [0x5d0, 0x5ea],
  [0x660, 0x66d],
  [0x1369, 0x137c],
  [0x13a0, 0x13f4],
  [0x1e00, 0x1eff],
  [0x2000, 0x2063],
  [0x2070, 0x2094],
  [0x2100, 0x2188],
  [0x2460, 0x24ff],
  [0x2776, 0x2794],
  [0x3000, 0x3096],
  [0x4e00, 0x4e20],
  [0xff10, 0xff5a],
  [0x10400, 0x1044f],
  [0x1d7ce, 0x1d7ff],
]
  .flatMap(([from = 0, to = 0]) =>
    Array.from({ length: to - from + 1 }, (_, offset) => String.fromCodePoint(from + offset)),
  )
  // Three have got another case since Python 3.11.
  .filter((character) => !'ƛɤʕ'.includes(character));

const positions: readonly (readonly Value[])[] = subs.flatMap((sub) => [
  [sub],
  [sub, 1],
  [sub, -3],
  [sub, 0, 4],
  [sub, null, -1],
  [sub, 3, 1],
  [sub, 100],
  [sub, float(1)],
]);

const lists: readonly Value[] = [[], [1], [3, 1, 2], ['b', 'A', 'c'], [1, 'a', null], [[2], [1]], [true, 1, float(1)]];
const dicts: readonly Value[] = [
  dict(),
  dict(['a', 1], ['b', null]),
  dict([1, 'x'], [tuple(1, 2), 'y']),
  data({ keys: 1, items: 2 }),
];

function lookUps(selves: readonly Value[], names: readonly Value[]): Case[] {
  const shown = (value: Value) =>
    isCallable(value) && value !== strict && value !== lenient && value.typeName !== 'Undefined' ? 'a method' : value;
  return selves.flatMap((self) =>
    names.flatMap((name): Case[] => [
      ...(typeof name === 'string'
        ? [{ python: `A(${source(self)}, ${source(name)})`, ours: () => shown(getattr(self, name, evaluation)) }]
        : []),
      { python: `I(${source(self)}, ${source(name)})`, ours: () => shown(getitem(self, name, evaluation)) },
    ]),
  );
}

compareWithPython('methods', {
  'of texts without arguments': noArguments.flatMap((name) =>
    calls([...texts, markup('<B> x')], name, [[], [1], [null]]),
  ),
  'the case of each character': ['capitalize', 'lower', 'upper', 'title', 'swapcase', 'casefold'].flatMap((name) =>
    characters.map((character) => callOf(character, name)),
  ),
  'the kind of each character': [
    'isalnum',
    'isalpha',
    'isdecimal',
    'isdigit',
    'isnumeric',
    'isspace',
    'isprintable',
    'islower',
    'isupper',
    'isidentifier',
    'istitle',
  ].flatMap((name) => characters.map((character) => callOf(character, name))),
  'find, index, count, startswith, endswith': [
    'find',
    'rfind',
    'index',
    'rindex',
    'count',
    'startswith',
    'endswith',
  ].flatMap((name) => calls(texts, name, positions)),
  'startswith and endswith of one of several': ['startswith', 'endswith'].flatMap((name) =>
    calls(texts, name, [[tuple('a', 'H')], [tuple()], [tuple('a', 1)], [['a']], [tuple('m', '\n'), 1]]),
  ),
  split: ['split', 'rsplit'].flatMap((name) =>
    calls([...texts, markup('<a> b')], name, [
      ...subs.map((sub) => [sub]),
      ...[0, 1, 2, -1, 'x'].flatMap((most) => [
        [null, most],
        [',', most],
        [' ', most],
      ]),
    ]),
  ),
  'split by name': [
    callOf('a b c', 'split', [], { maxsplit: 1 }),
    callOf('a b c', 'rsplit', [], { sep: ' ', maxsplit: 1 }),
    callOf('a b c', 'split', [' '], { sep: ' ' }),
    callOf('a b c', 'split', [], { foo: 1 }),
    callOf('a\nb', 'splitlines', [], { keepends: true }),
    callOf('abc', 'replace', ['a', 'b'], { count: 1 }),
    callOf('abc', 'strip', [], { chars: 'a' }),
  ],
  splitlines: calls(texts, 'splitlines', [[true], [false], [1]]),
  'strip characters': ['strip', 'lstrip', 'rstrip'].flatMap((name) =>
    calls(texts, name, [['a'], ['a, dH'], [''], [null], ['𝒳𝒵'], [1], ['\n']]),
  ),
  'partition, removeprefix, removesuffix': ['partition', 'rpartition', 'removeprefix', 'removesuffix'].flatMap((name) =>
    calls(
      [...texts, markup('a<b')],
      name,
      subs.map((sub) => [sub]),
    ),
  ),
  replace: calls([...texts, markup('<a>')], 'replace', [
    ['a', 'b'],
    ['', '-'],
    ['', '-', 2],
    ['a', '', 1],
    ['abc', 'x'],
    [',', '<'],
    ['a', '$&'],
    ['a', 'b', 0],
    ['a', 'b', -1],
    ['a', 1],
    ['a'],
    [null, 'a'],
    ['a', 'b', 'c'],
    ['𝒳', 'x'],
    ['<', '&'],
  ]),
  widths: ['center', 'ljust', 'rjust']
    .flatMap((name) =>
      calls(texts, name, [[5], [20], [21, '*'], [20, '**'], [0], [-1], ['a'], [8, '𝒳'], [float(3)], [true]]),
    )
    .concat(calls(texts, 'zfill', [[8], [3], [0], ['a']]), calls(texts, 'expandtabs', [[4], [0], [-1], [1]])),
  join: calls([',', '', ', ', markup('<'), '𝒳'], 'join', [
    [['a', 'b']],
    [[]],
    ['abc'],
    [tuple('a')],
    [[1]],
    [dict(['x', 1])],
    [null],
    [[markup('<b>'), '<']],
    [[strict]],
    [strict],
  ]),
  translate: [
    callOf('abcabc', 'translate', [dict([97, 'X'], [98, null], [99, 65])]),
    callOf('abc', 'translate', [dict(['a', 'b'])]),
    callOf('', 'maketrans', ['ab', 'xy']),
    callOf('', 'maketrans', ['ab', 'x']),
    callOf('', 'maketrans', [dict(['a', 1], [98, 'c'])]),
    callOf('', 'maketrans', ['ab', 'xy', 'z']),
  ],
  'of lists': [
    ...['append', 'extend', 'remove', 'index', 'count', 'pop'].flatMap((name) =>
      calls(lists, name, [[1], ['a'], [[1]], [0], [-1], [null], [], ['b', 1], [strict]]),
    ),
    ...calls(lists, 'insert', [
      [0, 'x'],
      [1, 'x'],
      [-1, 'x'],
      [100, 'x'],
      [-100, 'x'],
      ['a', 'x'],
    ]),
    ...['reverse', 'copy', 'clear', 'sort', 'pop'].flatMap((name) => calls(lists, name, [[]])),
    ...lists.map((list) => callOf(list, 'sort', [], { reverse: true })),
    ...calls([[3, 1, 2], tuple(1, 2, 1)], 'index', [
      [1, 1],
      [1, 0, 1],
      [2, -1],
    ]),
    callOf([1], 'sort', [true]),
    callOf([1], 'extend', [range(0, 3)]),
    callOf([1], 'extend', [dict(['a', 1])]),
  ],
  'of tuples and ranges': [
    ...calls([tuple(1, 2, 1), tuple()], 'count', [[1], ['a'], []]),
    ...calls([range(0, 5), range(5, 0, -2)], 'index', [[1], [float(3)], ['a']]),
    ...calls([range(0, 5)], 'count', [[1], [float(3)], ['a']]),
  ],
  'of dicts': [
    ...['keys', 'values', 'items', 'copy', 'clear', 'popitem'].flatMap((name) => calls(dicts, name, [[], [1]])),
    ...['get', 'pop', 'setdefault'].flatMap((name) =>
      calls(dicts, name, [
        ['a'],
        ['b'],
        ['b', 1],
        ['z'],
        ['z', 5],
        [1],
        [true],
        [float(1)],
        [tuple(1, 2)],
        [[]],
        [],
        [strict],
        ['z', strict],
      ]),
    ),
    ...calls(dicts, 'update', [
      [dict(['a', 2])],
      [[tuple('a', 1)]],
      [[['x', 1]]],
      [['ab']],
      [[1]],
      [5],
      [],
      [dict(), dict()],
    ]),
    callOf(dict(['a', 1]), 'update', [dict(['b', 2])], { c: 3 }),
    callOf(dict(), 'fromkeys', [['a', 'b']]),
    callOf(dict(), 'fromkeys', ['ab', 0]),
  ],
  'of numbers': [
    ...[0, 1, -5, 255, 2n ** 70n, true].flatMap((value) =>
      ['bit_length', 'bit_count', 'conjugate', 'as_integer_ratio'].map((name) => callOf(value, name)),
    ),
    ...[0.5, 3, -2.25].flatMap((value) =>
      ['is_integer', 'conjugate', 'as_integer_ratio'].map((name) => callOf(float(value), name)),
    ),
  ],
  'attributes and items': lookUps(
    [
      ...texts.slice(0, 3),
      5,
      true,
      float(1.5),
      null,
      ...lists.slice(0, 3),
      ...dicts,
      tuple(1, 2),
      range(2, 9, 3),
      markup('<b>'),
      strict,
      lenient,
    ],
    [
      'keys',
      'items',
      'upper',
      'append',
      'real',
      'imag',
      'numerator',
      'start',
      'count',
      'nothing',
      'a',
      0,
      1,
      -1,
      99,
      -99,
      true,
      float(0),
      null,
      tuple(1, 2),
      [],
      strict,
    ],
  ),
});
