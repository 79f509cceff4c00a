/** The part of https://github.com/tidwall/gjson/blob/master/SYNTAX.md that is read here: keys, indexes, `#`, `@this`. */
import { FloatNumber } from '../../../documents/index.ts';
import { type GoValue, isGoMap, isList } from './values.ts';

export type GjsonPath = readonly string[];

/**
 * `a.b`, `list.0`, `list.#`, `list.#.name`, `a\.b`, `@this`.
 * @throws Error that names what is not read: wildcards, queries, modifiers
 */
export function parseGjsonPath(text: string): GjsonPath {
  if (text === '') throw new Error('is empty; name a key');
  const steps: string[] = [];
  let step = '';
  for (let index = 0; index < text.length; index++) {
    const sign = text[index] ?? '';
    const next = text[index + 1] ?? '';
    if (sign === '\\') {
      step += next;
      index += 1;
    } else if (sign === '.') {
      steps.push(step);
      step = '';
    } else if (
      /[*?|{}[\]]/.test(sign) ||
      (sign === '#' && next === '(') ||
      (sign === '@' && step === '' && !text.startsWith('@this', index))
    )
      throw new Error(
        `has '${sign === '#' ? '#(' : sign}', which is not read here; write keys, indexes, # and @this, and a backslash before other signs`,
      );
    else step += sign;
  }
  steps.push(step);
  return steps[0] === '@this' ? steps.slice(1) : steps;
}

/** `undefined` where there is nothing. Pure. */
export function gjsonValue(document: GoValue, path: GjsonPath): GoValue | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return document;
  if (isGoMap(document)) {
    const inner = document.get(step);
    return inner === undefined ? undefined : gjsonValue(inner, rest);
  }
  if (!isList(document)) return undefined;
  if (step === '#') {
    if (rest.length === 0) return new FloatNumber(document.length);
    return document.map((item) => gjsonValue(item, rest)).filter((item) => item !== undefined);
  }
  const inner = /^\d+$/.test(step) ? document[Number(step)] : undefined;
  return inner === undefined ? undefined : gjsonValue(inner, rest);
}
