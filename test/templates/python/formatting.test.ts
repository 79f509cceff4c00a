import {
  callMethod,
  getattr,
  Markup,
  mod,
  noKwargs,
  str,
  Tuple,
  type Value,
} from '../../../src/templates/python/index.ts';
import { type Case, compareWithPython, dict, evaluation, float, markup, source, strict, tuple } from './oracle.ts';

const flags = ['', '-', '+', ' ', '0', '#', '-0', '+0', '#0', '+ '];
const widths = ['', '8'];
const precisions = ['', '.', '.2', '.7'];

const numbers: readonly Value[] = [
  ...[0, 1, -1, 42, -255, 123456789, 2n ** 70n, true],
  ...[0, -0, 1, -1.5, 0.5, 2.5, 3.75, 1e-7, 123456.789, 1e22, 1.5e300, 0.1].map(float),
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(float),
];
const others: readonly Value[] = [
  '',
  'a',
  'hello',
  "it's",
  'ü𝒳',
  null,
  [],
  [1, 'a'],
  dict(['a', 1]),
  markup('<b>'),
  strict,
];

function percent(format: string, right: Value): Case {
  return { python: `${source(format)} % ${source(right)}`, ours: () => mod(format, right, evaluation) };
}

function format(text: Value, args: readonly Value[], kwargs: Readonly<Record<string, Value>> = {}): Case {
  const named = new Map(Object.entries(kwargs));
  const written = [...args.map(source), ...Array.from(named, ([key, value]) => `${key}=${source(value)}`)];
  return {
    python: `${source(text)}.format(${written.join(', ')})`,
    ours: () => callMethod(text, 'format', args, named, evaluation),
  };
}

const aligns = ['', '<', '>', '^', '=', '*<', '*>', '*^', '0=', '𝒳^'];
const signs = ['', '+', '-', ' '];
const specs = aligns.flatMap((align) =>
  signs.flatMap((sign) =>
    ['', '#', '0', 'z', '#0'].flatMap((flag) =>
      ['', '10', '15,', '12_', ','].flatMap((width) =>
        ['', '.0', '.3'].map((precision) => align + sign + flag + width + precision),
      ),
    ),
  ),
);

/** A part of them all, always the same. */
function some<Item>(items: readonly Item[], every: number): Item[] {
  return items.filter((_, index) => index % every === 0);
}

compareWithPython('formatting', {
  '% of numbers': flags.flatMap((flag) =>
    widths.flatMap((width) =>
      precisions.flatMap((precision) =>
        Array.from('diouxXeEfFgGcrsa').flatMap((type) =>
          numbers.map((number) => percent(`%${flag}${width}${precision}${type}`, tuple(number))),
        ),
      ),
    ),
  ),
  '% of other values': [
    '%s',
    '%r',
    '%a',
    '%5s|',
    '%-5s|',
    '%.2s',
    '%.1r',
    '%d',
    '%f',
    '%c',
    '%x',
    '%05s',
    '%%',
  ].flatMap((text) => others.flatMap((value) => [percent(text, value), percent(text, tuple(value))])),
  '% with several values, names and stars': [
    ...[
      '%s %s',
      '%s',
      '',
      '%s %s %s',
      '%(a)s',
      '%',
      '%s %',
      '%y',
      '%5%',
      '%%',
      '%l%',
      '%ld %hd',
      '%*d|%s',
      '%.*f|%s',
      '%-*d|%s',
      '%(a)',
      '%(a',
      '%*s',
    ].flatMap((text) =>
      [
        tuple(1, 2),
        tuple(),
        5,
        'x',
        dict(['a', 1]),
        [1, 2],
        tuple(dict(['a', 1])),
        tuple(5, float(1.5)),
        tuple(-5, 3),
        tuple('x', 'y'),
        tuple(5, 3, 1),
      ].map((right) => percent(text, right)),
    ),
    ...['%(a)s %(b)r', '%(a)5d|', '%(a(b))s', '%()s', '%(a)s%s', '%(c)s', '%(a)*d', '%(a)%', '%(b)s %(a)s %(b)s'].map(
      (text) => percent(text, dict(['a', 1], ['b', 'x'], ['a(b)', 2], ['', 3])),
    ),
  ],
  '% of Markup': ['<%s>', '%s %r', '%d', '%(a)s', '%5s|', '%.3s'].flatMap((text) =>
    ['<a>', markup('<b>'), tuple('<a>', '<b>'), 5, dict(['a', '<']), ['<'], tuple(null), float(1.5)].map((right) => ({
      python: `Markup(${source(text)}) % ${source(right)}`,
      ours: () => mod(markup(text), right, evaluation),
    })),
  ),
  'format specifications of numbers': numbers.flatMap((number) =>
    ['', ...Array.from('bcdoxXneEfFgG%s')].flatMap((type) =>
      some(specs, 13).map((spec) => format(`{:${spec}${type}}`, [number])),
    ),
  ),
  'format specifications of other values': [...others.filter((value) => !(value instanceof Markup)), true].flatMap(
    (value) =>
      ['', 's', 'd', 'x'].flatMap((type) => some(specs, 7).map((spec) => format(`{:${spec}${type}}`, [value]))),
  ),
  'precisions of floats': [0, 1, 9.5, 99.5, 0.05, 123456, 1e15, 1e16, 1e17, 0.0001, 0.00001, 2.675, 1e-320].flatMap(
    (number) =>
      ['', 'e', 'f', 'g', '%', 'n'].flatMap((type) =>
        ['', '.0', '.1', '.2', '.5', '.17', '.30'].map((precision) =>
          format(`{:${precision}${type}}`, [float(number)]),
        ),
      ),
  ),
  'fields of format': [
    ...[
      '{}',
      '{} {}',
      '{0} {0}',
      '{1} {0}',
      '{0} {}',
      '{} {0}',
      '{a}',
      '{{}}',
      '{{{}}}',
      '{',
      '}',
      '{}}',
      '{!r}',
      '{!s:>5}|',
      '{!a}',
      '{!x}',
      '{!}',
      '{!rr}',
      '{:{}}',
      '{:{w}}',
      '{0:{1}}',
      '{:{{}}}',
      '{a.b}',
      '{a!r:>{w}}',
      '{0',
      '{0:',
      '{0!',
      '{0[0]}',
      '{0[0}',
      '{0.}',
      '{0[]}',
      '{ 0}',
      '{-1}',
      '{0[a]}',
      '{0[-1]}',
      '{:}',
      '{!r:}',
      '{a b}',
      '{0:>{w}.{p}}',
      '{:>{w}{{}}}',
      'no fields',
    ].flatMap((text) =>
      [['x', 5], [], [[1, 2], 3], [float(1.5), 8], [dict(['a', 'z']), 'y'], ['ü', 3]].map((args) =>
        format(text, args, { a: 'named', w: 7, p: 2 }),
      ),
    ),
    format('{}', [strict]),
    format('{!r}', [strict]),
    format('{:5}', [strict]),
    format('{.real} {0.imag}', [5]),
    format('{.real}', [5]),
    format('{0.imag}', [float(5)]),
  ],
  'format of Markup': ['<{}>', '{:>8}', '{!r}', '{0[0]}', '{a}'].flatMap((text) =>
    ['<a>', markup('<b>'), 5, ['<'], null].map((value) => format(markup(text), [value], { a: '<' })),
  ),
  format_map: [
    {
      python: `'{a} {b!r}'.format_map({'a': 1, 'b': 'x'})`,
      ours: () => callMethod('{a} {b!r}', 'format_map', [dict(['a', 1], ['b', 'x'])], noKwargs, evaluation),
    },
    {
      python: `'{c}'.format_map({'a': 1})`,
      ours: () => callMethod('{c}', 'format_map', [dict(['a', 1])], noKwargs, evaluation),
    },
    {
      python: `'{0}'.format_map({'a': 1})`,
      ours: () => callMethod('{0}', 'format_map', [dict(['a', 1])], noKwargs, evaluation),
    },
  ],
  'repr of characters': Array.from({ length: 0x380 }, (_, code) => String.fromCodePoint(code))
    .concat('\u2028', '\u200b', '\ue000', '\u3000', '😀', '\u{e0001}', `'"`, `"`, `'`, 'a\\b')
    .map((text) => ({
      python: `repr(${JSON.stringify(text).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}.encode('utf-16', 'surrogatepass').decode('utf-16'))`,
      ours: () => str([text], evaluation).slice(1, -1),
    })),
  'str and repr of floats': [
    1e15,
    1e16,
    123456789012345680,
    1e22,
    1e-4,
    1e-5,
    0.1,
    1 / 3,
    5e-324,
    1e100,
    2 ** 53,
    1.7976931348623157e308,
    100,
    1e21,
    12345.678e-10,
  ].flatMap((number) => [
    {
      python: `str(${String(number).includes('e') || String(number).includes('.') ? number : `${number}.0`})`,
      ours: () => str(float(number), evaluation),
    },
    { python: `str([-float('${number}')])`, ours: () => str([float(-number)], evaluation) },
  ]),
  'what prints itself': [
    {
      python: `(lambda l: (l.append(l), str(l))[1])([1])`,
      ours: () => {
        const list: Value[] = [1];
        list.push(list);
        return str(list, evaluation);
      },
    },
    {
      python: `(lambda d: (d.update(a=d), str(d))[1])({})`,
      ours: () => {
        const self = dict();
        self.set('a', self);
        return str(self, evaluation);
      },
    },
    {
      python: `str({'a': 1}.items()) + str({'a': 1}.keys()) + str({}.values())`,
      ours: () => {
        const view = (name: string, of: Value) => str(callMethod(of, name, [], noKwargs, evaluation), evaluation);
        return view('items', dict(['a', 1])) + view('keys', dict(['a', 1])) + view('values', dict());
      },
    },
    { python: `None`, ours: () => (getattr(new Tuple([]), 'nothing', evaluation) === null ? 1 : null) },
  ],
});
