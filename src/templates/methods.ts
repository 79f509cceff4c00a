/** The methods of Python's text and maps that templates of the Jinja2 world use most. */

type Method = (...args: readonly unknown[]) => unknown;

const textMethods: Readonly<Record<string, (text: string, ...args: readonly unknown[]) => unknown>> = {
  upper: (text) => text.toUpperCase(),
  lower: (text) => text.toLowerCase(),
  strip: (text) => text.trim(),
  split: (text, by) => (by === undefined ? text.split(/\s+/).filter((part) => part !== '') : text.split(String(by))),
  startswith: (text, start) => text.startsWith(String(start)),
  endswith: (text, end) => text.endsWith(String(end)),
  replace: (text, from, to) => text.replaceAll(String(from), () => String(to)),
  join: (text, parts) => (Array.isArray(parts) ? parts.map(String).join(text) : ''),
};

const mapMethods: Readonly<Record<string, (map: object, ...args: readonly unknown[]) => unknown>> = {
  items: (map) => Object.entries(map),
  keys: (map) => Object.keys(map),
  values: (map) => Object.values(map),
  get: (map, key, preset) => Object.getOwnPropertyDescriptor(map, String(key))?.value ?? preset ?? '',
};

/** A method of a value; `undefined` where it has none of this name. */
export function methodOf(target: unknown, name: string): Method | undefined {
  if (typeof target === 'string' && Object.hasOwn(textMethods, name))
    return (...args) => textMethods[name]?.(target, ...args);
  if (typeof target === 'object' && target !== null && !Array.isArray(target) && Object.hasOwn(mapMethods, name))
    return (...args) => mapMethods[name]?.(target, ...args);
  return undefined;
}
