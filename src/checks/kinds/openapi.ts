/** Whether a running API answers as its OpenAPI document says. */
import * as v from 'valibot';
import { type Document, integer, map, mapOf } from '../../documents/index.ts';
import { listAt, mapAt } from '../../documents/json.ts';
import { fail, ProblemsError } from '../../problems.ts';
import type { Check, Subject } from '../check.ts';
import { parseConfig } from '../config-formats.ts';
import { readContainerText } from '../container-files.ts';
import { ask } from '../http-request.ts';
import { answerBreaches } from '../openapi/answers.ts';
import { type OpenApi, openApi } from '../openapi/document.ts';
import { callOf, isSafe, type Operation, operationsOf } from '../openapi/operations.ts';
import { createValidate, type Validate } from '../openapi/schemas.ts';
import { parallel } from '../parallel.ts';
import { defineKind } from './kind.ts';
import { path, port } from './schemas.ts';

const operationSchema = v.union([
  map({ skip: v.string() }),
  map({
    parameters: v.optional(mapOf(v.string(), v.unknown())),
    body: v.optional(v.unknown()),
    status: v.optional(v.union([integer, v.array(integer)])),
  }),
]);

const openapiSchema = v.pipe(
  map({
    port,
    document: v.optional(v.string()),
    url: v.optional(path),
    file: v.optional(path),
    'base-path': v.optional(v.string()),
    headers: v.optional(mapOf(v.string(), v.string())),
    parameters: v.optional(mapOf(v.string(), v.unknown())),
    operations: v.optional(mapOf(v.string(), operationSchema)),
  }),
  v.check(
    ({ document, url, file }) => [document, url, file].filter((source) => source !== undefined).length === 1,
    'has to name its document once; write one of document (a file of the tests), url (the API serves it) and file (in the container)',
  ),
);

export interface OpenapiCheck {
  readonly port: number;
  /** The document, the path that it is served at, or the file of the container that holds it. */
  readonly source: { readonly document: OpenApi } | { readonly url: string } | { readonly file: string };
  /** Absent: the path of the document's first server. */
  readonly basePath?: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Values for parameters of any operation. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** By operation id, or as `GET /items/{id}`. */
  readonly operations: Readonly<Record<string, v.InferOutput<typeof operationSchema>>>;
}

export const openapi = defineKind('openapi', openapiSchema, (written, reading) => {
  const { port, document, url, file, headers = {}, parameters = {}, operations = {} } = written;
  return openapiCheck({
    port,
    source:
      document !== undefined
        ? { document: readOpenApi(reading.readDocument(document, ['document'])) }
        : file !== undefined
          ? { file }
          : { url: url ?? '/' },
    ...(written['base-path'] === undefined ? {} : { basePath: written['base-path'] }),
    headers,
    parameters,
    operations,
  });
});

function readOpenApi({ file, value, duplicates }: Document): OpenApi {
  if (duplicates.length > 0) throw new ProblemsError(duplicates);
  try {
    return openApi(value);
  } catch (cause) {
    return fail(cause instanceof Error ? cause.message : String(cause), { place: { file, line: 1 }, cause });
  }
}

export function openapiCheck(check: OpenapiCheck): Check {
  return {
    title: `the API on port ${check.port} answers as its OpenAPI document says`,
    ports: [check.port],
    looksAt: 'process',
    run: (subject) => checkApi(check, subject),
  };
}

/** Few at a time: an API under test is not under load. */
const concurrentCalls = 4;

export async function checkApi(check: OpenapiCheck, subject: Subject): Promise<string[]> {
  const { source } = check;
  const document =
    'document' in source
      ? source.document
      : openApi(await parseConfig(await fetchText(check, source, subject), 'yaml'));
  const validate = await createValidate(document);
  const operations = operationsOf(document);
  const settings = (operation: Operation): OpenapiCheck['operations'][string] | undefined =>
    names(operation).flatMap((name) => (Object.hasOwn(check.operations, name) ? [check.operations[name]] : []))[0];
  const known = new Set(operations.flatMap(names));
  const unknown = Object.keys(check.operations).filter((name) => !known.has(name));
  // What changes something needs a body, an order, or a state: the test file has to say that it may be called.
  const called = operations.filter((operation) => {
    const own = settings(operation);
    return own === undefined ? isSafe(operation) : !('skip' in own);
  });
  if (called.length === 0) return ['the document has no operation that can be called'];
  const outcomes = await parallel(called, concurrentCalls, async (operation) => {
    const own = settings(operation);
    const wrong = await callOne(check, subject, { document, operation, validate }, own).catch((error: unknown) => [
      error instanceof Error ? error.message : String(error),
    ]);
    return wrong.map((what) => `${operation.method} ${operation.path}: ${what}`);
  });
  return [...unknown.map((name) => `the document has no operation '${name}'`), ...outcomes.flat()];
}

interface Called {
  readonly document: OpenApi;
  readonly operation: Operation;
  readonly validate: Validate;
}

async function callOne(
  check: OpenapiCheck,
  subject: Subject,
  { document, operation, validate }: Called,
  own: OpenapiCheck['operations'][string] | undefined,
): Promise<string[]> {
  const { parameters = {}, body, status } = own === undefined || 'skip' in own ? {} : own;
  const base = check.basePath ?? serverPath(document);
  const call = callOf(document, operation, base.replace(/\/$/, ''), { ...check.parameters, ...parameters }, body);
  const answer = await ask(
    {
      port: check.port,
      path: call.path,
      method: operation.method,
      headers: { accept: '*/*', ...call.headers, ...check.headers },
      ...(call.body === undefined ? {} : { body: call.body }),
    },
    subject,
  );
  return answerBreaches(document, operation, answer, status === undefined ? undefined : [status].flat(), validate);
}

function names({ id, method, path }: Operation): string[] {
  return [...(id === undefined ? [] : [id]), `${method} ${path}`];
}

/** https://spec.openapis.org/oas/v3.1.1#server-object */
function serverPath({ root }: OpenApi): string {
  const [server] = listAt(root, 'servers');
  const url = mapAt({ server }, 'server').url;
  return typeof url === 'string' ? (URL.parse(url, 'http://localhost')?.pathname ?? '') : '';
}

async function fetchText(
  { port, headers }: OpenapiCheck,
  source: Exclude<OpenapiCheck['source'], { document: OpenApi }>,
  subject: Subject,
): Promise<string> {
  if ('file' in source) {
    const text = await readContainerText(subject, source.file);
    if (text === undefined) throw new Error(`${source.file} does not exist`);
    return text;
  }
  const { status, body } = await ask({ port, path: source.url, method: 'GET', headers }, subject);
  if (status !== 200) throw new Error(`the document at ${source.url} can't be read: the answer is ${status}`);
  return body;
}
