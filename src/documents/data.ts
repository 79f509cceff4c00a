/** Parts of a document as data that keeps what plain objects lose. */
import { isAlias, isMap, isScalar, isSeq, type Scalar } from 'yaml';
import type { Document, Path } from './document.ts';

/** A number that is written with a point or an exponent, like `1.0`. */
export class FloatNumber {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** Maps as `Map` in the order they are written, with the keys' own types; integers of any size. */
export type Data = null | boolean | number | bigint | string | FloatNumber | readonly Data[] | ReadonlyMap<Data, Data>;

/** The part at a path; `undefined` where there is none. */
export function documentData({ parsed }: Document, path: Path): Data | undefined {
  let node: unknown = parsed.contents;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(parsed);
    if (isMap(node)) node = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))?.value;
    else node = isSeq(node) ? node.items[Number(step)] : undefined;
    if (node === undefined) return undefined;
  }
  return dataOf(node, parsed);
}

function dataOf(node: unknown, parsed: Document['parsed']): Data {
  if (isAlias(node)) return dataOf(node.resolve(parsed), parsed);
  if (isSeq(node)) return node.items.map((item) => dataOf(item, parsed));
  if (isMap(node)) {
    const merged = new Map<Data, Data>();
    for (const { key, value } of node.items) merged.set(dataOf(key, parsed), dataOf(value, parsed));
    return merged;
  }
  return isScalar(node) ? scalarData(node) : null;
}

function scalarData({ value, source = '' }: Scalar): Data {
  if (typeof value === 'number') {
    if (!Number.isInteger(value) || !/^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$/.test(source))
      return new FloatNumber(value);
    if (Number.isSafeInteger(value)) return value;
    return source.startsWith('-') ? -BigInt(source.slice(1)) : BigInt(source.replace('+', ''));
  }
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint') return value;
  return null;
}
