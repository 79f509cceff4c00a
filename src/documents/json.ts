/** Parts of data that came from a file, without trust in its shape. */
export type Json = Readonly<Record<string, unknown>>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A map in a map; empty where there is none. Own members only. */
export function mapAt(holder: Json, key: string): Json {
  const value = Object.hasOwn(holder, key) ? holder[key] : undefined;
  return isJson(value) ? value : {};
}

/** A list in a map; empty where there is none. Own members only. */
export function listAt(holder: Json, key: string): readonly unknown[] {
  const value = Object.hasOwn(holder, key) ? holder[key] : undefined;
  return Array.isArray(value) ? value : [];
}
