/** The shape of a test file as a JSON Schema. Apart from the rest, since only the schema's own build needs it. */
import * as z from 'zod/mini';
import { testFileSchema } from './test-file-schema.ts';

/** JSON Schema (draft 2020-12) of `tests.yaml`, for editors. */
export function testFileJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(testFileSchema, { unrepresentable: 'any', io: 'input', reused: 'ref' });
  return {
    $schema,
    title: 'tests.yaml of image-cascade',
    description: 'How an image is started for its tests, when it is up, and what is checked then.',
    ...rest,
  };
}
