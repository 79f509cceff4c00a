/** The texts that keys are the hashes of: canonical JSON. */
import { sha256Hex } from '../hash.ts';

/** 32 hex digits. @param version what is hashed in which form: the same text never counts as that of another version */
export function hashText(version: string, text: string): string {
  return sha256Hex(`image-cascade ${version}\n${text}`).slice(0, 32);
}

/** Canonical JSON of an object whose values are texts. */
export function flatJson(record: Readonly<Record<string, string>>): string {
  const names = Object.keys(record);
  if (isSorted(names)) return JSON.stringify(record);
  // An object puts numbers first, whatever their order.
  if (arrayIndex.test(names[0] ?? '')) return canonicalJson(record);
  let text = '{';
  for (const name of names.sort())
    text += `${text === '{' ? '' : ','}${JSON.stringify(name)}:${JSON.stringify(record[name])}`;
  return `${text}}`;
}

function isSorted(names: readonly string[]): boolean {
  for (let index = 1; index < names.length; index += 1)
    if ((names[index - 1] ?? '') >= (names[index] ?? '')) return false;
  return true;
}

const arrayIndex = /^\d/;

/** JSON with the keys of every object in code unit order. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
