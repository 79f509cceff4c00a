/** `str.format()`: the replacement fields in braces. What is in a field is looked up like anything in a template. */
import { getattr, getitem } from './access.ts';
import { raise } from './errors.ts';
import type { Evaluation } from './evaluation.ts';
import { formatValue } from './format-spec.ts';
import { escapeText, Markup } from './markup.ts';
import { ascii, repr, str } from './print.ts';
import type { Value } from './values.ts';

/** What can be filled in: by position, or by name. */
export interface FormatSource {
  readonly args: readonly Value[];
  named(name: string): Value | undefined;
}

interface Field {
  readonly name: string;
  readonly conversion: string;
  readonly spec: string;
  /** Where the text goes on. */
  readonly end: number;
}

/** Gives the next position to fields without a name; positions are all written or all left out. */
class Numbering {
  private next = 0;
  private written = false;

  position(name: string): number | undefined {
    if (name !== '' && !/^\d+$/.test(name)) return undefined;
    if (name === '' ? this.written : this.next > 0) raise("'{}' and '{0}' can't be mixed in one text");
    if (name === '') return this.next++;
    this.written = true;
    return Number(name);
  }
}

/** @param escaping whether what is filled in gets escaped, as in Markup */
export function formatText(text: string, source: FormatSource, evaluation: Evaluation, escaping = false): string {
  return format(text, source, { evaluation, escaping, numbering: new Numbering() }, 2);
}

interface Settings {
  readonly evaluation: Evaluation;
  readonly escaping: boolean;
  readonly numbering: Numbering;
}

function format(text: string, source: FormatSource, settings: Settings, depth: number): string {
  if (depth === 0) raise('the fields of a format are nested too deep');
  const { limits } = settings.evaluation;
  let result = '';
  let position = 0;
  while (position < text.length) {
    limits.tick();
    const rest = text.slice(position).search(/[{}]/);
    if (rest === -1) return result + text.slice(position);
    const at = position + rest;
    const brace = text.charAt(at);
    result += text.slice(position, at);
    if (text.charAt(at + 1) === brace) {
      result += brace;
      position = at + 2;
    } else if (brace === '}') raise("there is a single '}' in the format", "write '}}' for a brace");
    else {
      const field = readField(text, at + 1);
      const filled = fill(field, source, settings, depth);
      limits.grow(filled.length);
      result += filled;
      position = field.end;
    }
  }
  return result;
}

/** The field that begins after a brace: `name!conversion:spec}`; the spec may hold fields. */
function readField(text: string, start: number): Field {
  let index = start;
  for (let inBrackets = false; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === '[') inBrackets = true;
    else if (character === ']') inBrackets = false;
    else if (inBrackets) continue;
    else if (character === '{') raise("there is an unexpected '{' in the name of a field");
    else if (character === '}' || character === ':' || character === '!') break;
  }
  const name = text.slice(start, index);
  let conversion = '';
  if (text.charAt(index) === '!') {
    conversion = text.charAt(index + 1);
    index += 2;
    if (!/^[:}]$/.test(text.charAt(index))) raise("':' or '}' has to follow the conversion of a field");
  }
  if (text.charAt(index) === '}') return { name, conversion, spec: '', end: index + 1 };
  if (index >= text.length) raise("a '{' in the format has no '}'", "write '{{' for a brace");
  const end = closingBrace(text, index + 1);
  return { name, conversion, spec: text.slice(index + 1, end), end: end + 1 };
}

function closingBrace(text: string, start: number): number {
  let depth = 1;
  for (let index = start; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return index;
  }
  return raise("a '{' in the format has no '}'", "write '{{' for a brace");
}

function fill(field: Field, source: FormatSource, settings: Settings, depth: number): string {
  const { evaluation, escaping } = settings;
  const value = convert(lookUp(field.name, source, settings), field.conversion, evaluation);
  const spec = /[{}]/.test(field.spec) ? format(field.spec, source, settings, depth - 1) : field.spec;
  if (!escaping) return formatValue(value, spec, evaluation);
  if (!(value instanceof Markup)) return escapeText(formatValue(value, spec, evaluation));
  return spec === '' ? value.text : raise('Markup has no format');
}

/** The value of `name.attribute[key]`. */
function lookUp(path: string, source: FormatSource, { numbering, evaluation }: Settings): Value {
  const [first = ''] = /^[^.[]*/.exec(path) ?? [];
  const position = numbering.position(first);
  let value = position === undefined ? source.named(first) : source.args[position];
  if (value === undefined)
    return raise(
      position === undefined ? `the format needs a value for '${first}'` : `the format needs a value ${position}`,
    );
  if (first.length === path.length) return value;
  const parts = /\.([^.[]*)|\[([^\]]*)\](?=[.[]|$)|([\s\S])/gy;
  parts.lastIndex = first.length;
  for (const [, attribute, key, other] of path.matchAll(parts)) {
    if (other !== undefined || attribute === '' || key === '') raise(`'${path}' is no field that there can be`);
    if (attribute !== undefined) value = getattr(value, attribute, evaluation);
    else if (key !== undefined) value = getitem(value, /^\d+$/.test(key) ? Number(key) : key, evaluation);
  }
  return value;
}

function convert(value: Value, conversion: string, evaluation: Evaluation): Value {
  if (conversion === '') return value;
  if (conversion === 's') return str(value, evaluation);
  if (conversion === 'r') return repr(value, evaluation);
  return conversion === 'a' ? ascii(value, evaluation) : raise(`'!${conversion}' is no conversion that there is`);
}
