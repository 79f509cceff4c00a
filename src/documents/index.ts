/** YAML files that people write: read with positions, checked against a schema, every problem with file, line, column. */
export { type Data, documentData, FloatNumber } from './data.ts';
export { type Document, documentPlace, type Path, readDocument } from './document.ts';
export { looseMap, map, mapOf } from './maps.ts';
export { checkDocument, integer } from './schema.ts';
export { closest } from './suggestion.ts';
