/** The shape of `rules.yaml` as a JSON Schema. */
import { jsonSchema } from '../documents/json-schema.ts';
import { rules } from './rules/index.ts';
import { rulesFileSchema, severityChoices } from './rules-file.ts';

/** JSON Schema (draft 2020-12) of `rules.yaml`, for editors: with the names of the rules and what they are for. */
export function rulesJsonSchema(): Record<string, unknown> {
  const { properties, ...rest } = jsonSchema(rulesFileSchema, {
    title: 'rules.yaml of image-cascade',
    description: 'What a repository asks of its Dockerfiles, where it is not the default.',
  });
  const severities = {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(
      rules.map(({ id, summary, severity }) => [
        id,
        { enum: severityChoices, default: severity, description: summary },
      ]),
    ),
  };
  return { ...rest, properties: { ...(properties as object), severities } };
}
