/** The shape of `images.yaml` as a JSON Schema. */
import { jsonSchema } from '../documents/json-schema.ts';
import { configSchema } from './config-schema.ts';

/** JSON Schema (draft 2020-12) of `images.yaml`, for editors. */
export function configJsonSchema(): Record<string, unknown> {
  return jsonSchema(configSchema, {
    title: 'images.yaml of image-cascade',
    description: 'The images of a repository, where they are published, and what they are built from.',
  });
}
