import { Float, fromData, Markup, Tuple, type Value } from '../../../src/templates/python/index.ts';

/**
 * Data of requests, as this project's renderer takes it. It is JSON, and an object of one key stands for what JSON does
 * not have: `{"$tuple": [1, 2]}`, `{"$float": "1.0"}`, `{"$int": "12345678901234567890"}`, `{"$markup": "<b>"}` and
 * `{"$dict": [[1, "a"], [2, "b"]]}`.
 */
export function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (typeof value !== 'object' || value === null) return value;
  const [[key, inner] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0) {
    if (key === '$tuple' && Array.isArray(inner)) return new Tuple(inner.map((item): Value => fromData(decode(item))));
    if (key === '$float') return new Float(Number(inner));
    if (key === '$int') return BigInt(String(inner));
    if (key === '$markup') return new Markup(String(inner));
    if (key === '$dict' && Array.isArray(inner))
      return new Map(inner.map(([name, item]) => [decode(name), decode(item)]));
  }
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, decode(item)]));
}
