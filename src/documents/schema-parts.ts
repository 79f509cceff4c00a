/** Parts of a schema. Its library has no way to ask for them, but documents what its schemas consist of. */
import type { GenericSchema } from 'valibot';

/** What schemas are made of, as far as it is asked for: https://valibot.dev/guides/mental-model/ */
interface Anatomy {
  readonly type: string;
  readonly entries?: Readonly<Record<string, GenericSchema>>;
  readonly options?: readonly unknown[];
  readonly wrapped?: GenericSchema;
  readonly item?: GenericSchema;
  readonly value?: GenericSchema;
  getter?(input: unknown): GenericSchema;
}

/** The schemas that the part at a path may have: several where a union is on the way. */
export function schemasAt(schema: GenericSchema, path: readonly (string | number)[]): GenericSchema[] {
  const { wrapped, getter, options, entries, item, value }: Anatomy = schema;
  if (wrapped !== undefined) return schemasAt(wrapped, path);
  if (getter !== undefined) return schemasAt(getter(undefined), path);
  const [step, ...rest] = path;
  if (step === undefined) return [schema];
  if (schema.type === 'union') return (options ?? []).flatMap((option) => schemasAt(option as GenericSchema, path));
  const next = entries?.[String(step)] ?? item ?? value;
  return next === undefined ? [] : schemasAt(next, rest);
}

/** The keys that the schema knows at a path; with a union, those of all its options. */
export function keysAt(schema: GenericSchema, path: readonly (string | number)[]): string[] {
  const known = schemasAt(schema, path).flatMap((part): string[] => {
    const { options, entries }: Anatomy = part;
    if (part.type === 'union') return (options ?? []).flatMap((option) => keysAt(option as GenericSchema, []));
    return Object.keys(entries ?? {});
  });
  return [...new Set(known)];
}
