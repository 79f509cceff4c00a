/** The shape of the JSON report as a JSON Schema. Apart from the rest, since only the schema's own build needs it. */
import { jsonSchema } from '../documents/json-schema.ts';
import { jsonReportSchema } from './json-report.ts';

/** JSON Schema (draft 2020-12) of the report that the test action writes for programs. */
export function jsonReportJsonSchema(): Record<string, unknown> {
  return jsonSchema(jsonReportSchema, {
    title: 'Test report of image-cascade',
    description: 'What the test action found, by image.',
  });
}
