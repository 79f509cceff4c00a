/** Schemas as JSON Schemas, for editors. Apart from the rest, since only the build of `schemas/` needs it. */
import { toJsonSchema } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';

export interface JsonSchemaTexts {
  readonly title: string;
  readonly description: string;
}

/**
 * JSON Schema (draft 2020-12) of what people may write. Rules that are functions are left out: it accepts what the
 * schema accepts, and perhaps more.
 * @param definitions parts that stand in several places, or inside themselves, by the names they get under `$defs`
 */
export function jsonSchema(
  schema: GenericSchema,
  { title, description }: JsonSchemaTexts,
  definitions: Readonly<Record<string, GenericSchema>> = {},
): Record<string, unknown> {
  const { $schema, ...rest } = toJsonSchema(schema, {
    target: 'draft-2020-12',
    typeMode: 'input',
    errorMode: 'ignore',
    definitions,
  });
  return { $schema, title, description, ...rest };
}
