/** Whether an answer is one that an OpenAPI document announces: pure but for the validator that it is given. */

import { type Json, mapAt } from '../../documents/json.ts';
import type { HttpAnswer } from '../http-request.ts';
import { shown } from '../text-rule.ts';
import { type OpenApi, resolve } from './document.ts';
import { isJsonType, type Operation } from './operations.ts';
import type { Validate } from './schemas.ts';

/**
 * @param wanted statuses that are fine; absent: those of success and redirection
 * @returns what is wrong, as sentences
 */
export function answerBreaches(
  document: OpenApi,
  operation: Operation,
  answer: HttpAnswer,
  wanted: readonly number[] | undefined,
  validate: Validate,
): string[] {
  const { status } = answer;
  const fine = wanted === undefined ? status >= 200 && status < 400 : wanted.includes(status);
  const expected = wanted === undefined ? 'success' : wanted.join(' or ');
  if (!fine) return [`it answers ${status}, expected ${expected}; its body is ${shown(answer.body)}`];
  const documented = responseOf(operation.responses, status);
  if (documented === undefined)
    return [`it answers ${status}, which is not documented; there is ${Object.keys(operation.responses).join(', ')}`];
  const response = resolve(document, documented);
  return [
    ...headerBreaches(document, response, answer, validate),
    ...bodyBreaches(document, operation, response, answer, validate),
  ];
}

/** https://spec.openapis.org/oas/v3.1.1#responses-object: the code itself, then its range, then `default`. */
function responseOf(responses: Json, status: number): unknown {
  return [String(status), `${String(status)[0]}XX`, 'default']
    .filter((key) => Object.hasOwn(responses, key))
    .map((key) => responses[key])[0];
}

function headerBreaches(document: OpenApi, response: Json, { headers }: HttpAnswer, validate: Validate): string[] {
  return Object.entries(mapAt(response, 'headers')).flatMap(([name, written]) => {
    // Described by `content`: https://spec.openapis.org/oas/v3.1.1#response-object
    if (name.toLowerCase() === 'content-type') return [];
    const header = resolve(document, written);
    const value = [headers[name.toLowerCase()] ?? []].flat();
    if (value.length === 0) return header.required === true ? [`the header '${name}' is not there`] : [];
    if (header.schema === undefined) return [];
    const [first] = readings(value.join(', '))
      .map((reading) => validate(header.schema, reading))
      .sort((a, b) => a.length - b.length);
    return (first ?? []).map((wrong) => `the header '${name}': ${wrong}`);
  });
}

/** Headers are text: what it may have been before. */
function readings(text: string): unknown[] {
  return [
    text,
    ...(/^-?\d+(?:\.\d+)?$/.test(text) ? [Number(text)] : []),
    ...(/^(?:true|false)$/.test(text) ? [text === 'true'] : []),
    text.split(/,\s*/),
  ];
}

function bodyBreaches(
  document: OpenApi,
  { method }: Operation,
  response: Json,
  { headers, body }: HttpAnswer,
  validate: Validate,
): string[] {
  const content = mapAt(response, 'content');
  const types = Object.keys(content);
  if (types.length === 0 || method === 'HEAD') return [];
  const type = headers['content-type'] ?? '';
  const known = mediaTypeOf(types, type);
  if (known === undefined)
    return [
      `its content type is ${type === '' ? 'not given' : `'${type}'`}, which is not documented; there is ${types.join(', ')}`,
    ];
  const { schema } = resolve(document, content[known]);
  if (schema === undefined || !isJsonType(type)) return [];
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return [`its body is no JSON: ${shown(body)}`];
  }
  const wrong = validate(schema, value);
  return wrong.length === 0 ? [] : [...wrong.map((one) => `its body: ${one}`), `its body is ${shown(body)}`];
}

/** The documented media type that an answer has: itself before ranges. */
function mediaTypeOf(types: readonly string[], type: string): string | undefined {
  const essence = (text: string): string => text.split(';')[0]?.trim().toLowerCase() ?? '';
  const own = essence(type);
  const range = `${own.split('/')[0]}/*`;
  return [own, range, '*/*'].flatMap((wanted) => types.filter((one) => essence(one) === wanted))[0];
}
