/** The operations of an OpenAPI document, and the requests that call them: pure. */
import { isJson, type Json, listAt, mapAt } from '../../documents/json.ts';
import { type OpenApi, resolve } from './document.ts';

export interface Operation {
  readonly method: string;
  /** With its parameters in braces, as the document has it. */
  readonly path: string;
  readonly id?: string;
  /** Of the path and of the operation, references resolved. */
  readonly parameters: readonly Json[];
  readonly requestBody?: Json;
  readonly responses: Json;
}

const methods = ['get', 'head', 'options', 'post', 'put', 'patch', 'delete', 'trace'] as const;

export function operationsOf(document: OpenApi): Operation[] {
  return Object.entries(mapAt(document.root, 'paths')).flatMap(([path, value]) => {
    const item = resolve(document, value);
    const shared = listAt(item, 'parameters').map((parameter) => resolve(document, parameter));
    return methods.flatMap((method): Operation[] => {
      const written = Object.hasOwn(item, method) ? item[method] : undefined;
      if (!isJson(written)) return [];
      const own = listAt(written, 'parameters').map((parameter) => resolve(document, parameter));
      const same = (a: Json, b: Json): boolean => a.name === b.name && a.in === b.in;
      return [
        {
          method: method.toUpperCase(),
          path,
          ...(typeof written.operationId === 'string' ? { id: written.operationId } : {}),
          parameters: [...shared.filter((one) => !own.some((other) => same(one, other))), ...own],
          ...(written.requestBody === undefined ? {} : { requestBody: resolve(document, written.requestBody) }),
          responses: mapAt(written, 'responses'),
        },
      ];
    });
  });
}

/** Does nothing to what the service holds, so it needs nothing of it: https://www.rfc-editor.org/rfc/rfc9110#name-safe-methods */
export function isSafe({ method }: Operation): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

export interface Call {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * The request of an operation, with the given values, else those that the document has as examples or defaults.
 * @param base path before that of the operation, without `/` at its end
 * @throws Error that names what has no value
 */
export function callOf(
  document: OpenApi,
  operation: Operation,
  base: string,
  given: Readonly<Record<string, unknown>>,
  body: unknown,
): Call {
  const lacking: string[] = [];
  const query: string[] = [];
  const headers: Record<string, string> = {};
  let path = operation.path;
  for (const parameter of operation.parameters) {
    const name = String(parameter.name);
    const value = Object.hasOwn(given, name) ? given[name] : exampleOf(document, parameter);
    if (value === undefined) {
      if (parameter.required === true || parameter.in === 'path') lacking.push(name);
      continue;
    }
    const texts = [value].flat().map(textOf);
    if (parameter.in === 'path') path = path.replaceAll(`{${name}}`, texts.map(encodeURIComponent).join(','));
    else if (parameter.in === 'header') headers[name.toLowerCase()] = texts.join(',');
    else if (parameter.in === 'cookie')
      headers.cookie = [headers.cookie, `${name}=${texts.map(encodeURIComponent).join(',')}`]
        .filter(Boolean)
        .join('; ');
    // https://spec.openapis.org/oas/v3.1.1#style-values: `form` is the default, and explodes.
    else if (parameter.explode === false)
      query.push(`${encodeURIComponent(name)}=${texts.map(encodeURIComponent).join(',')}`);
    else query.push(...texts.map((text) => `${encodeURIComponent(name)}=${encodeURIComponent(text)}`));
  }
  const sent = bodyOf(document, operation, body);
  if (sent === undefined && operation.requestBody?.required === true) lacking.push('its body');
  if (lacking.length > 0)
    throw new Error(
      `there is no value for ${lacking.join(' and ')}; give it as an example in the document, or under 'parameters' or 'operations', or skip the operation`,
    );
  return {
    path: `${base}${path}${query.length === 0 ? '' : `?${query.join('&')}`}`,
    headers: { ...headers, ...(sent === undefined ? {} : { 'content-type': sent.type }) },
    ...(sent === undefined ? {} : { body: sent.text }),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

/** Of a parameter or of a media type: its own example first, then that of its schema. */
function exampleOf(document: OpenApi, holder: Json): unknown {
  if (holder.example !== undefined) return holder.example;
  for (const example of Object.values(mapAt(holder, 'examples'))) {
    const { value } = resolve(document, example);
    if (value !== undefined) return value;
  }
  const schema = resolve(document, holder.schema);
  const [first] = listAt(schema, 'examples');
  const [allowed] = listAt(schema, 'enum');
  return schema.example ?? first ?? schema.const ?? schema.default ?? allowed;
}

function bodyOf(
  document: OpenApi,
  { requestBody }: Operation,
  given: unknown,
): { readonly type: string; readonly text: string } | undefined {
  const content = requestBody === undefined ? {} : mapAt(requestBody, 'content');
  const json = Object.keys(content).find(isJsonType);
  const [type = 'application/json'] = [json ?? Object.keys(content)[0]].filter((name) => name !== undefined);
  const value = given ?? exampleOf(document, mapAt(content, type));
  if (value === undefined) return undefined;
  return { type, text: isJsonType(type) || typeof value !== 'string' ? JSON.stringify(value) : value };
}

export function isJsonType(type: string): boolean {
  return /^application\/(?:[\w.+-]+\+)?json\b/i.test(type);
}
