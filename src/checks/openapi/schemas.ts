/** Schemas of OpenAPI documents, as a JSON Schema validator takes them. */
import type { OutputUnit } from '@cfworker/json-schema';
import { isJson, type Json, mapAt } from '../../documents/json.ts';
import type { OpenApi } from './document.ts';

/** What is wrong with a value, as sentences; empty when it is as the schema says. */
export type Validate = (schema: unknown, value: unknown) => readonly string[];

/** The validator is loaded when the first document is looked at. */
export async function createValidate(document: OpenApi): Promise<Validate> {
  const { Validator } = await import('@cfworker/json-schema');
  const convert = document.version === '3.0' ? modernSchema : (schema: unknown): unknown => schema;
  const components = {
    schemas: Object.fromEntries(
      Object.entries(mapAt(mapAt(document.root, 'components'), 'schemas')).map(([name, schema]) => [
        name,
        convert(schema),
      ]),
    ),
  };
  const validators = new Map<unknown, InstanceType<typeof Validator>>();
  return (schema, value) => {
    const own = convert(schema);
    // References are relative to the whole document; of that, schemas refer to this part.
    const known =
      validators.get(schema) ?? new Validator(isJson(own) ? { ...own, components } : own === true, '2020-12', false);
    validators.set(schema, known);
    try {
      return known.validate(value).errors.flatMap(sentence);
    } catch (error) {
      const [, reference] = /Unresolved \$ref "([^"]*)"/.exec(String(error)) ?? [];
      throw reference === undefined ? error : new Error(`the reference '${reference}' leads nowhere`);
    }
  };
}

/** Errors of what holds others only repeat them. */
const repeating = /^(?:properties|patternProperties|additionalProperties|items|prefixItems|allOf|\$ref)$/;

function sentence({ keyword, instanceLocation, error }: OutputUnit): string[] {
  if (repeating.test(keyword)) return [];
  const what = keyword === 'false' ? 'it is not in the document' : error;
  return [`${instanceLocation === '#' ? 'it' : instanceLocation.slice(1)}: ${what}`];
}

const inMaps = ['properties', 'patternProperties'] as const;
const inLists = ['allOf', 'anyOf', 'oneOf'] as const;
const alone = ['items', 'additionalProperties', 'not'] as const;

/**
 * A schema of OpenAPI 3.0, whose `nullable` and boolean limits JSON Schema does not have:
 * https://spec.openapis.org/oas/v3.0.4#schema-object. Pure.
 */
export function modernSchema(schema: unknown): unknown {
  if (!isJson(schema) || schema.$ref !== undefined) return schema;
  const { nullable, exclusiveMinimum, exclusiveMaximum, minimum, maximum, ...rest } = schema;
  const converted: Record<string, unknown> = { ...rest };
  for (const key of inMaps)
    if (isJson(rest[key]))
      converted[key] = Object.fromEntries(Object.entries(rest[key]).map(([name, part]) => [name, modernSchema(part)]));
  for (const key of inLists) if (Array.isArray(rest[key])) converted[key] = rest[key].map(modernSchema);
  for (const key of alone) if (isJson(rest[key])) converted[key] = modernSchema(rest[key]);
  Object.assign(
    converted,
    limit('minimum', 'exclusiveMinimum', minimum, exclusiveMinimum),
    limit('maximum', 'exclusiveMaximum', maximum, exclusiveMaximum),
  );
  return nullable === true ? { anyOf: [{ type: 'null' }, converted] } : converted;
}

function limit(name: string, exclusive: string, value: unknown, isExclusive: unknown): Json {
  if (value === undefined) return {};
  return isExclusive === true ? { [exclusive]: value } : { [name]: value };
}
