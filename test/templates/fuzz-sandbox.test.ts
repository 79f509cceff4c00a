import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createRandom, type Random } from './jinja2/generator/random.ts';
import { attempt, breaches, makeRepository, traceCode } from './sandbox.ts';

const seed = Number(process.env.SEED ?? Math.floor(Date.now() / 86_400_000));
const count = 3000;

const holders = [
  'data',
  'x',
  'image_spec',
  'render',
  'range',
  'dict',
  'namespace',
  'cycler',
  'joiner',
  'lipsum',
  'self',
  'loop',
  'm',
  'lib',
  "''",
  '[]',
  '()',
  '{}',
  '1',
  '1.5',
  'none',
  'true',
  '(10 ** 30)',
  'missing',
  'caller',
  'varargs',
  'kwargs',
  'super',
  'namespace(a=1)',
  "cycler('a')",
  'joiner()',
  'range(2)',
  'data.items()',
  'data.keys',
  "([1]|map('string'))",
  'm()',
  "('<'|safe)",
  "''.upper",
  '[].append',
  'data.update',
  'dict(a=1)',
  'loop.cycle',
  'loop.changed',
  'raise_exception',
  'parent_template',
];
const names = [
  'constructor',
  '__proto__',
  'prototype',
  '__class__',
  '__globals__',
  '__init__',
  '__mro__',
  '__subclasses__',
  '__dict__',
  '__defineGetter__',
  '__lookupGetter__',
  'caller',
  'callee',
  'arguments',
  'call',
  'apply',
  'bind',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'name',
  'length',
  'value',
  'items',
  'text',
  'get',
  'entries',
  'body',
  'evaluation',
  'limits',
  'root',
  'blocks',
  'source',
  'context',
  'globals',
  'repr',
  'typeName',
  'mode',
  'known',
  'next',
  'map',
  'then',
  'Symbol.iterator',
  '0',
  '_name',
];

/** A name as an attribute, an item, through a filter, with escapes, or put together while rendering. */
function access(random: Random, target: string): string {
  const name = random.pick(names);
  const half = Math.floor(name.length / 2);
  const hex = [...name].map((letter) => `\\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}`).join('');
  const written = random.pick([
    `'${name}'`,
    `'${name.slice(0, half)}' ~ '${name.slice(half)}'`,
    `'${hex}'`,
    `'${[...name].reverse().join('')}'|reverse`,
    `['${name.slice(0, half)}', '${name.slice(half)}']|join`,
    `'%s%s'|format('${name.slice(0, half)}', '${name.slice(half)}')`,
    `'${name.toUpperCase()}'|lower`,
    `'{}'.format('${name}')`,
    `('${name}'|safe)`,
  ]);
  return random.pick([
    /^[a-z_]\w*$/i.test(name) ? `${target}.${name}` : `${target}[${written}]`,
    `${target}[${written}]`,
    `(${target}|attr(${written}))`,
    `([${target}]|map(attribute=${written})|list)[0]`,
    `([${target}]|map('attr', ${written})|first)`,
    `([${target}]|groupby(${written})|first)[0]`,
    `([${target}]|selectattr(${written})|first)`,
    `'{0.${name}}'.format(${target})`,
    `'{0[${name}]}'.format(${target})`,
    `('%(${name})s' % ${target})`,
    `(${target}.get or ${target})(${written})`,
    `dict(${target})[${written}]`,
  ]);
}

function payload(random: Random): string {
  let expression = random.pick(holders);
  for (let depth = 1 + random.below(4); depth > 0; depth--) {
    expression = access(random, expression);
    // So that what follows an access to nothing is tried as well.
    if (random.chance(0.5)) expression = `(${expression}|default(${random.pick(holders.slice(0, 9))}))`;
  }
  const called = random.pick([
    '',
    '',
    '',
    '',
    '()',
    `('${traceCode}')`,
    `('${traceCode}')()`,
    "('/etc/passwd')",
    `(${random.pick(holders)})`,
    `(*['${traceCode}'])()`,
  ]);
  const used = `${expression}${called}`;
  const filter = random.pick([
    '',
    '',
    '',
    '|string',
    '|list',
    '|tojson',
    '|pprint',
    '|first',
    '|length',
    '|e',
    '|join',
    '|default(data)',
    '|dictsort',
    '|items|list',
  ]);
  const statement = random.pick([
    `{{ ${used}${filter} }}`,
    `{{ ${used} is defined }}`,
    `{{ (${used}|default('none'))${filter} }}`,
    `{{ ${used}${filter} }}`,
    `{% set y = ${used} %}{{ y${filter} }}`,
    `{% set ns = namespace(y=${used}) %}{{ ns.y${filter} }}`,
    `{% for y in ${used} %}{{ y${filter} }}{% endfor %}`,
    `{% for k, y in (${used}).items() %}{{ k }}{{ y }}{% endfor %}`,
    `{% with y = ${used} %}{{ y() }}{% endwith %}`,
    `{% do data.update({'${random.pick(names)}': ${used}}) %}{{ data }}`,
    `{% include ${used} %}`,
    `{% import ${used} as y %}{{ y }}`,
    `{% extends ${used} %}`,
    `{% if ${used} %}{{ ${used} }}{% endif %}`,
    `{% call m(${used}) %}{{ ${used} }}{% endcall %}`,
    `{% set ${random.pick(names.filter((name) => /^[a-z_]\w*$/i.test(name)))} = ${used} %}{{ data }}`,
  ]);
  const before = "{% import 'macros.j2' as lib %}{% macro m(a=1) %}{{ varargs }}{{ kwargs }}{{ a }}{% endmacro %}";
  return random.chance(0.3) ? `${before}{% for i in [1] %}${statement}{% endfor %}` : before + statement;
}

let root: string;
let folder: string;
beforeAll(() => {
  ({ root, folder } = makeRepository());
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it(`variants of payloads reach nothing (SEED=${seed})`, () => {
  const random = createRandom(seed);
  const found: string[] = [];
  let rendered = 0;
  for (let index = 0; index < count && found.length < 5; index++) {
    const template = payload(random);
    const made = attempt(root, template, random.chance(0.5) ? 'lenient' : 'strict');
    if (made.error === undefined) rendered += 1;
    found.push(...breaches(made).map((breach) => `${breach}: ${template} gave ${made.text.slice(0, 200)}`));
  }
  expect(found).toEqual([]);
  // Where everything fails, nothing is tried.
  expect(rendered).toBeGreaterThan(count / 50);
});
