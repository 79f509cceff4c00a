/** Values as Go has them, where the difference decides what a matcher says: https://pkg.go.dev/gopkg.in/yaml.v3 */
import { isAlias, isMap, isScalar, isSeq, type Document as Parsed, type Scalar } from 'yaml';
import { FloatNumber } from '../../../documents/index.ts';

/** What goss reads from the system as a list of texts: never equal to a list that a file holds. */
export class TextList {
  readonly items: readonly string[];

  constructor(items: readonly string[]) {
    this.items = items;
  }
}

/** A number is one of Go's integers. */
export type GoValue =
  | null
  | boolean
  | number
  | string
  | FloatNumber
  | TextList
  | readonly GoValue[]
  | ReadonlyMap<string, GoValue>;

export function isList(value: GoValue | undefined): value is readonly GoValue[] {
  return Array.isArray(value);
}

export function isGoMap(value: GoValue | undefined): value is ReadonlyMap<string, GoValue> {
  return value instanceof Map;
}

/** The elements of a list, or the values of a map; `undefined` for anything else. */
export function elementsOf(value: GoValue): readonly GoValue[] | undefined {
  if (value instanceof TextList) return value.items;
  if (isList(value)) return value;
  return isGoMap(value) ? [...value.values()] : undefined;
}

/** https://pkg.go.dev/text/template#IsTrue */
export function isTrue(value: GoValue): boolean {
  if (value instanceof FloatNumber) return value.value !== 0;
  const list = elementsOf(value);
  return list === undefined ? Boolean(value) : list.length > 0;
}

/** As `%v` prints it: https://pkg.go.dev/fmt#hdr-Printing. Pure. */
export function printed(value: GoValue): string {
  if (value === null) return '<nil>';
  if (value instanceof FloatNumber) return printedFloat(value.value);
  if (isGoMap(value)) {
    const pairs = [...value].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => `${key}:${printed(item)}`);
    return `map[${pairs.join(' ')}]`;
  }
  const list = elementsOf(value);
  return list === undefined ? String(value) : `[${list.map(printed).join(' ')}]`;
}

function printedFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  const text = value !== 0 && Math.abs(value) < 1e-4 ? value.toExponential() : String(value);
  return text.replace(/e([-+])(\d)$/, 'e$10$2');
}

/** The type counts: 1 and 1.0 differ, and so do a list of a file and a list of the system. Pure. */
export function sameValue(a: GoValue, b: GoValue): boolean {
  if (a instanceof FloatNumber) return b instanceof FloatNumber && a.value === b.value;
  if (isList(a))
    return isList(b) && a.length === b.length && a.every((item, index) => sameValue(item, b[index] ?? null));
  if (isGoMap(a)) {
    if (!isGoMap(b) || a.size !== b.size) return false;
    return [...a].every(([key, item]) => b.has(key) && sameValue(item, b.get(key) ?? null));
  }
  return a === b;
}

/** What `JSON.parse` gives: every number is one with a point. */
export function fromJson(value: unknown): GoValue {
  if (typeof value === 'number') return new FloatNumber(value);
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (Array.isArray(value)) return value.map(fromJson);
  return new Map(Object.entries(value ?? {}).map(([key, item]) => [key, fromJson(item)]));
}

/** What `JSON.stringify` takes; maps with their keys in order, as Go writes them. */
export function toJson(value: GoValue): unknown {
  if (value instanceof FloatNumber) return value.value;
  if (isGoMap(value))
    return Object.fromEntries(
      [...value].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, toJson(item)]),
    );
  return elementsOf(value)?.map(toJson) ?? value;
}

/**
 * A part of a YAML document as Go's YAML library reads it, which is YAML 1.2 with some of 1.1: octal numbers with a
 * zero alone, digits with underscores, `<<`.
 * @param json the file is JSON, whose numbers are all floats
 */
export function fromNode(node: unknown, parsed: Parsed.Parsed, json: boolean): GoValue {
  if (isAlias(node)) return fromNode(node.resolve(parsed), parsed, json);
  if (isSeq(node)) return node.items.map((item) => fromNode(item, parsed, json));
  if (isMap(node)) {
    const [own, merged] = [new Map<string, GoValue>(), new Map<string, GoValue>()];
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? textOf(key) : String(key);
      const item = fromNode(value, parsed, json);
      if (name !== '<<') own.set(name, item);
      else
        for (const part of isList(item) ? item : [item])
          if (isGoMap(part)) for (const pair of part) merged.set(...pair);
    }
    return new Map([...merged, ...own]);
  }
  return isScalar(node) ? fromScalar(node, json) : null;
}

/** A scalar as text, whatever it would be otherwise. */
export function textOf({ type, source, value }: Scalar): string {
  return type === 'PLAIN' && source !== undefined ? source : String(value);
}

function fromScalar(scalar: Scalar, json: boolean): GoValue {
  if (scalar.type !== 'PLAIN' || scalar.tag === 'tag:yaml.org,2002:str') return String(scalar.value);
  const text = textOf(scalar);
  if (/^(?:~|null|Null|NULL)?$/.test(text)) return null;
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  const number = goInteger(text) ?? goFloat(text);
  if (number === undefined) return text;
  return json && typeof number === 'number' ? new FloatNumber(number) : number;
}

function goInteger(text: string): number | undefined {
  const digits = text.replaceAll('_', '');
  const [, sign, base = '', rest = ''] = /^([-+]?)(0b|0o|0x|0(?=[0-7]))?([0-9a-fA-F]+)$/i.exec(digits) ?? [];
  if (sign === undefined || !/^[-+0-9]/.test(text)) return undefined;
  const radix = { '': 10, '0b': 2, '0o': 8, '0': 8, '0x': 16 }[base.toLowerCase()] ?? 10;
  const allowed = { 2: /^[01]+$/, 8: /^[0-7]+$/, 10: /^(?:0|[1-9]\d*)$/, 16: /^[0-9a-f]+$/i }[radix];
  if (allowed?.test(rest) !== true) return undefined;
  const value = Number.parseInt(rest, radix);
  return sign === '-' ? -value : value;
}

function goFloat(text: string): FloatNumber | undefined {
  const digits = text.replaceAll('_', '');
  if (/^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/.test(digits))
    return new FloatNumber(Number(digits));
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text))
    return new FloatNumber(text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
  return /^\.(?:nan|NaN|NAN)$/.test(text) ? new FloatNumber(Number.NaN) : undefined;
}
