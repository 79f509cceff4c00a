/** Schemas of OpenAPI documents, as a JSON Schema validator takes them. */
import type { ErrorObject } from 'ajv';
import { isJson, type Json, mapAt } from '../../documents/json.ts';
import type { OpenApi } from './document.ts';

/** What is wrong with a value, as sentences; empty when it is as the schema says. */
export type Validate = (schema: unknown, value: unknown) => readonly string[];

/** The validator is loaded when the first document is looked at. */
export async function createValidate(document: OpenApi): Promise<Validate> {
  const [{ Ajv2020 }, { default: addFormats }] = await Promise.all([import('ajv/dist/2020.js'), import('ajv-formats')]);
  // Documents hold keywords of their own (`discriminator`, `xml`, …); what a schema does not say is allowed.
  const validator = new Ajv2020({ strict: false, allErrors: true, validateSchema: false, logger: false });
  addFormats.default(validator);
  const convert = document.version === '3.0' ? modernSchema : (schema: unknown): unknown => schema;
  const components = {
    schemas: Object.fromEntries(
      Object.entries(mapAt(mapAt(document.root, 'components'), 'schemas')).map(([name, schema]) => [
        name,
        convert(schema),
      ]),
    ),
  };
  const compiled = new Map<unknown, ReturnType<typeof validator.compile>>();
  return (schema, value) => {
    const known = compiled.get(schema);
    const own = convert(schema);
    // References are relative to the whole document; of that, schemas refer to this part.
    const check = known ?? validator.compile(isJson(own) ? { ...own, components } : own === true);
    compiled.set(schema, check);
    return check(value) ? [] : (check.errors ?? []).map(sentence);
  };
}

function sentence({ instancePath, message = 'is not valid', params }: ErrorObject): string {
  const where = instancePath === '' ? 'it' : instancePath;
  const detail = 'allowedValues' in params ? `: ${JSON.stringify(params.allowedValues)}` : '';
  const extra = 'additionalProperty' in params ? `: '${String(params.additionalProperty)}'` : '';
  return `${where} ${message}${detail}${extra}`;
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
