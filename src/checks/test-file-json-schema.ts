/** The shape of a test file as a JSON Schema. Apart from the rest, since only the schema's own build needs it. */
import { jsonSchema } from '../documents/json-schema.ts';
import { httpSchema } from './kinds/http.ts';
import { text } from './kinds/schemas.ts';
import { checkSchema, startSchema, testFileSchema, upSchema } from './test-file-schema.ts';

/** JSON Schema (draft 2020-12) of `tests.yaml`, for editors. */
export function testFileJsonSchema(): Record<string, unknown> {
  return jsonSchema(
    testFileSchema,
    {
      title: 'tests.yaml of image-cascade',
      description: 'How an image is started for its tests, when it is up, and what is checked then.',
    },
    { check: checkSchema, start: startSchema, up: upSchema, http: httpSchema, text },
  );
}
