/** Methods of `str`. */

import { Dict } from '../dict.ts';
import { raise } from '../errors.ts';
import { formatText } from '../text-format.ts';
import { describe } from '../types.ts';
import { type Method, type Methods, method } from './method.ts';
import { caseMethods } from './text-case.ts';
import { layoutMethods } from './text-layout.ts';
import { searchMethods } from './text-search.ts';
import { splitMethods } from './text-split.ts';

const formatMethods: readonly (readonly [string, Method<string>])[] = [
  [
    'format',
    (text, args, kwargs, evaluation) => formatText(text, { args, named: (name) => kwargs.get(name) }, evaluation),
  ],
  method<string>('format_map', 'mapping /', (text, [mapping = null], evaluation) => {
    if (!(mapping instanceof Dict)) return raise(`'format_map' needs a dict, not ${describe(mapping)}`);
    return formatText(text, { args: [], named: (name) => mapping.get(name) }, evaluation);
  }),
  method<string>('encode', '? encoding errors', () => raise("templates have no bytes, so 'encode' is not there")),
];

export const textMethods: Methods<string> = new Map([
  ...caseMethods,
  ...searchMethods,
  ...splitMethods,
  ...layoutMethods,
  ...formatMethods,
]);
