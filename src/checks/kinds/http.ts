/** What a service of the container answers over HTTP. */
import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import { integer, map, mapOf } from '../../documents/index.ts';
import type { Check, Reachable, TextRule } from '../check.ts';
import { ask, type HttpAnswer, type HttpRequest } from '../http-request.ts';
import { parseJsonPath, valueAt } from '../json-path.ts';
import { breaches, shown } from '../text-rule.ts';
import { defineKind, type Reading } from './kind.ts';
import { path, port, text, textRule } from './schemas.ts';

const jsonPath = v.pipe(
  v.string(),
  v.check((value) => parseJsonPath(value) !== undefined, 'is no JSON path; write e.g. $.items[0].name'),
);

export const httpShape = {
  port,
  path: v.optional(path),
  method: v.optional(v.picklist(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])),
  headers: v.optional(mapOf(v.string(), v.string())),
  data: v.optional(v.string()),
  status: v.optional(v.union([integer, v.array(integer)])),
  body: v.optional(text),
  'response-headers': v.optional(mapOf(v.string(), text)),
  json: v.optional(mapOf(jsonPath, v.unknown())),
  redirects: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(20))),
};

export const httpSchema = map(httpShape);

const httpCheckSchema = map({
  ...httpShape,
  https: v.optional(v.union([v.literal(true), map({ ca: v.string() }), v.literal('insecure')])),
});

export interface HttpCheck extends HttpRequest {
  /** Any of these. */
  readonly status: readonly number[];
  readonly response: TextRule;
  readonly responseHeaders: Readonly<Record<string, TextRule>>;
  /** Values by JSON path. */
  readonly json: Readonly<Record<string, unknown>>;
  /** How many redirects are followed. */
  readonly redirects: number;
}

export const http = defineKind('http', httpCheckSchema, ({ https, ...written }, reading) => {
  const tls = tlsOf(https, reading);
  return httpCheck({ ...httpSettings(written), ...(tls === undefined ? {} : { tls }) });
});

function tlsOf(https: v.InferOutput<typeof httpCheckSchema>['https'], reading: Reading): HttpRequest['tls'] {
  if (https === undefined) return undefined;
  if (typeof https === 'object') return { insecure: false, ca: reading.readFile(https.ca, ['https', 'ca']) };
  return { insecure: https === 'insecure' };
}

/** Where it is asked when a container is up. */
export function readHttp(written: v.InferOutput<typeof httpSchema>): Check {
  return httpCheck(httpSettings(written));
}

function httpSettings(written: v.InferOutput<typeof httpSchema>): HttpCheck {
  const {
    port,
    path = '/',
    method = 'GET',
    headers = {},
    data,
    status = 200,
    body,
    json = {},
    redirects = 0,
  } = written;
  return {
    port,
    path,
    method,
    headers,
    ...(data === undefined ? {} : { body: data }),
    status: [status].flat(),
    response: textRule(body),
    responseHeaders: Object.fromEntries(
      Object.entries(written['response-headers'] ?? {}).map(([name, rule]) => [name.toLowerCase(), textRule(rule)]),
    ),
    json,
    redirects,
  };
}

export function httpCheck(check: HttpCheck): Check {
  const { method, path, port, status } = check;
  return {
    title: `${method} ${path} on port ${port} answers ${status.join(' or ')}`,
    ports: [port],
    looksAt: 'process',
    run: (subject) => checkHttp(check, subject),
  };
}

/** What is wrong with the answer; empty when it is as wanted. */
export async function checkHttp(check: HttpCheck, subject: Reachable): Promise<string[]> {
  let answer: HttpAnswer;
  try {
    answer = await follow(check, subject);
  } catch (error) {
    return [`no answer: ${error instanceof Error ? error.message || error.name : String(error)}`];
  }
  const status = check.status.includes(answer.status)
    ? []
    : [`the answer is ${answer.status}, expected ${check.status.join(' or ')}; its body is ${shown(answer.body)}`];
  return [
    ...status,
    ...breaches(answer.body, check.response, 'the body'),
    ...Object.entries(check.responseHeaders).flatMap(([name, rule]) => {
      const value = answer.headers[name];
      if (value === undefined) return [`the answer has no header '${name}'`];
      return breaches([value].flat().join(', '), rule, `the header '${name}'`);
    }),
    ...jsonBreaches(answer.body, check.json),
  ];
}

async function follow(check: HttpCheck, subject: Reachable): Promise<HttpAnswer> {
  let request: HttpRequest = check;
  for (let left = check.redirects; ; left -= 1) {
    const answer = await ask(request, subject);
    const { location } = answer.headers;
    if (left === 0 || location === undefined || answer.status < 300 || answer.status > 399) return answer;
    request = redirected(request, location, answer.status);
  }
}

/** The request that a redirect asks for: https://www.rfc-editor.org/rfc/rfc9110#name-redirection-3xx */
function redirected(request: HttpRequest, location: string, status: number): HttpRequest {
  const host = Object.entries(request.headers).find(([name]) => name.toLowerCase() === 'host')?.[1] ?? 'localhost';
  const scheme = request.tls === undefined ? 'http:' : 'https:';
  const from = `${scheme}//${host}${request.path}`;
  const to = URL.parse(location, from);
  // Another host or port is not this service, and nothing but the container is asked.
  if (to === null || to.protocol !== scheme || to.host !== new URL(from).host)
    throw new Error(`it leads to ${location}, which is not this port of the container`);
  const { body, ...rest } = request;
  const keeps = status === 307 || status === 308 || request.method === 'GET' || request.method === 'HEAD';
  const path = to.pathname + to.search;
  return keeps ? { ...request, path } : { ...rest, method: 'GET', path };
}

function jsonBreaches(body: string, wanted: Readonly<Record<string, unknown>>): string[] {
  const paths = Object.entries(wanted);
  if (paths.length === 0) return [];
  let document: unknown;
  try {
    document = JSON.parse(body);
  } catch {
    return [`the body is no JSON: ${shown(body)}`];
  }
  return paths.flatMap(([path, value]) => {
    const found = valueAt(document, parseJsonPath(path) ?? []);
    if (isDeepStrictEqual(found, value)) return [];
    return [
      `${path} is ${found === undefined ? 'not there' : JSON.stringify(found)}, expected ${JSON.stringify(value)}`,
    ];
  });
}
