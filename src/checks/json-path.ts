/** A place in a JSON document, as the singular queries of https://www.rfc-editor.org/rfc/rfc9535#section-2.3.5.1 name it. */

export type JsonStep = string | number;

/**
 * Reads `$.items[0].name`, `$['a b']`; the leading `$.` may be left out. Pure.
 * @returns `undefined` when it is no such path
 */
export function parseJsonPath(text: string): readonly JsonStep[] | undefined {
  const steps: JsonStep[] = [];
  const step = /^\.?([\p{L}\p{N}_-]+)|^\[(-?\d+)\]|^\['((?:[^'\\]|\\.)*)'\]|^\["((?:[^"\\]|\\.)*)"\]/u;
  let rest = text.startsWith('$') ? text.slice(1) : text;
  if (text === '' || rest.startsWith('..')) return undefined;
  while (rest !== '') {
    const found = step.exec(rest);
    if (found === null) return undefined;
    const [whole, name, index, single, double] = found;
    steps.push(index === undefined ? (name ?? (single ?? double ?? '').replaceAll(/\\(.)/g, '$1')) : Number(index));
    rest = rest.slice(whole.length);
  }
  return steps;
}

/** The value at a path; `undefined` where there is none. Only own members are looked at. Pure. */
export function valueAt(document: unknown, path: readonly JsonStep[]): unknown {
  let value = document;
  for (const step of path) {
    if (Array.isArray(value)) value = typeof step === 'number' ? value.at(step) : undefined;
    else if (typeof value === 'object' && value !== null && Object.hasOwn(value, String(step)))
      value = Object.getOwnPropertyDescriptor(value, String(step))?.value;
    else return undefined;
  }
  return value;
}
