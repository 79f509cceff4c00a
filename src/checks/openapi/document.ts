/** An OpenAPI document: https://spec.openapis.org/oas/v3.1.1 and https://spec.openapis.org/oas/v3.0.4 */

import { isJson, type Json } from '../../documents/json.ts';

export interface OpenApi {
  readonly version: '3.0' | '3.1';
  readonly root: Json;
}

/** @throws Error when it is no OpenAPI 3 document */
export function openApi(value: unknown): OpenApi {
  const version = isJson(value) && typeof value.openapi === 'string' ? /^3\.[01]/.exec(value.openapi)?.[0] : undefined;
  if (!isJson(value) || (version !== '3.0' && version !== '3.1'))
    throw new Error("it is no OpenAPI 3.0 or 3.1 document: 'openapi' does not say so");
  return { version, root: value };
}

const mostReferences = 100;

/**
 * An object of the document, or what it refers to.
 * @throws Error for references that lead nowhere, in a circle, or out of the document
 */
export function resolve({ root }: OpenApi, value: unknown): Json {
  let found = value;
  for (let count = 0; isJson(found) && typeof found.$ref === 'string'; count += 1) {
    const reference = found.$ref;
    if (count === mostReferences) throw new Error(`the reference '${reference}' leads in a circle`);
    if (!reference.startsWith('#/'))
      throw new Error(`the reference '${reference}' leads out of the document; put what it names into 'components'`);
    found = reference
      .slice(2)
      .split('/')
      .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce<unknown>((part, key) => (isJson(part) && Object.hasOwn(part, key) ? part[key] : undefined), root);
    if (found === undefined) throw new Error(`the reference '${reference}' leads nowhere`);
  }
  return isJson(found) ? found : {};
}
