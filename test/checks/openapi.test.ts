import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkApi, type OpenapiCheck } from '../../src/checks/kinds/openapi.ts';
import { openApi } from '../../src/checks/openapi/document.ts';
import { modernSchema } from '../../src/checks/openapi/schemas.ts';
import { answering } from '../engine/processes.ts';
import { subjectOn } from './subject.ts';

let server: Server;
let port = 0;
const requests: string[] = [];

/** What the API answers, by method and path: a status, or a body that goes out as JSON. */
let answers: Record<string, unknown> = {};

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      const name = `${request.method} ${request.url}`;
      requests.push(body === '' ? name : `${name} ${body}`);
      const answer = answers[name];
      if (answer === undefined || typeof answer === 'number') response.writeHead(answer ?? 404).end();
      else
        response
          .writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'x-total': '2' })
          .end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.close();
});

const item = {
  type: 'object',
  required: ['id', 'name'],
  properties: {
    id: { type: 'integer', format: 'int32' },
    name: { type: 'string' },
    note: { type: 'string', nullable: true },
  },
  additionalProperties: false,
};
const json = (schema: unknown): unknown => ({ 'application/json': { schema } });

function shop(version = '3.0.3'): Record<string, unknown> {
  return {
    openapi: version,
    servers: [{ url: 'https://shop.test/v1/' }],
    components: {
      schemas: { Item: item, Items: { type: 'array', items: { $ref: '#/components/schemas/Item' } } },
      parameters: { Id: { name: 'id', in: 'path', required: true, schema: { type: 'integer' } } },
    },
    paths: {
      '/items': {
        get: {
          parameters: [{ name: 'tag', in: 'query', schema: { type: 'array' }, example: ['a b', 'c'] }],
          responses: {
            200: {
              headers: { 'X-Total': { required: true, schema: { type: 'integer' } } },
              content: json({ $ref: '#/components/schemas/Items' }),
            },
          },
        },
        post: {
          operationId: 'addItem',
          requestBody: { required: true, content: { 'application/json': { example: { name: 'Pot' } } } },
          responses: { '2XX': { content: json({ $ref: '#/components/schemas/Item' }) } },
        },
      },
      '/items/{id}': {
        parameters: [{ $ref: '#/components/parameters/Id' }],
        get: {
          operationId: 'getItem',
          responses: { 200: { content: json({ $ref: '#/components/schemas/Item' }) }, 404: {} },
        },
      },
    },
  };
}

async function check(document: unknown, rest: Partial<OpenapiCheck> = {}): Promise<string[]> {
  requests.length = 0;
  const preset: OpenapiCheck = {
    port: 80,
    source: { document: openApi(document) },
    headers: {},
    parameters: { id: 7 },
    operations: {},
  };
  const subject = subjectOn(
    answering(() => ''),
    { '80/tcp': port },
  );
  return await checkApi({ ...preset, ...rest }, subject);
}

describe('an API', () => {
  const kettle = { id: 1, name: 'Kettle', note: null };

  it('is asked for everything that changes nothing, with the examples of the document', async () => {
    answers = { 'GET /v1/items?tag=a%20b&tag=c': [kettle], 'GET /v1/items/7': kettle };
    expect(await check(shop())).toEqual([]);
    expect(requests.sort()).toEqual(['GET /v1/items/7', 'GET /v1/items?tag=a%20b&tag=c']);
  });

  it('is asked for more where the test file says so, and for less', async () => {
    answers = { 'POST /items': kettle, 'GET /items/3': 404 };
    const operations: OpenapiCheck['operations'] = {
      addItem: {},
      'GET /items': { skip: 'slow' },
      getItem: { parameters: { id: 3 }, status: 404 },
    };
    expect(await check(shop(), { basePath: '', operations })).toEqual([]);
    expect(requests.sort()).toEqual(['GET /items/3', 'POST /items {"name":"Pot"}']);
  });

  it('answers with all that is documented and nothing else', async () => {
    answers = { 'GET /v1/items?tag=a%20b&tag=c': [{ id: 1.5, name: 'Kettle', price: 3 }], 'GET /v1/items/7': 204 };
    expect(await check(shop())).toEqual([
      'GET /items: its body: /0/id: Instance type "number" is invalid. Expected "integer".',
      'GET /items: its body: /0/price: it is not in the document',
      expect.stringMatching(/^GET \/items: its body is '\[/),
      'GET /items/{id}: it answers 204, which is not documented; there is 200, 404',
    ]);
    answers = { 'GET /v1/items?tag=a%20b&tag=c': 500, 'GET /v1/items/7': 404 };
    expect(await check(shop())).toEqual([
      'GET /items: it answers 500, expected success; its body is empty',
      'GET /items/{id}: it answers 404, expected success; its body is empty',
    ]);
  });

  it('says which value is missing and which operation is unknown', async () => {
    answers = { 'GET /v1/items?tag=a%20b&tag=c': [] };
    expect(await check(shop(), { parameters: {}, operations: { dropItem: {} } })).toEqual([
      "the document has no operation 'dropItem'",
      "GET /items/{id}: there is no value for id; give it as an example in the document, or under 'parameters' or 'operations', or skip the operation",
    ]);
  });

  it('is held to schemas of 3.1 as they are', async () => {
    const document = (schema: unknown): unknown => ({
      openapi: '3.1.0',
      paths: { '/': { get: { responses: { default: { content: json(schema) } } } } },
    });
    answers = { 'GET /': { a: null } };
    expect(await check(document({ properties: { a: { type: ['string', 'null'] } } }))).toEqual([]);
    expect(await check(document({ properties: { a: { const: 1 } } }))).toHaveLength(2);
    expect(await check(document({ $ref: '#/components/schemas/None' }))).toEqual([
      "GET /: the reference '#/components/schemas/None' leads nowhere",
    ]);
  });

  it('needs a document that is one', async () => {
    await expect(check({ swagger: '2.0' })).rejects.toThrow('it is no OpenAPI 3.0 or 3.1 document');
    expect(await check({ openapi: '3.1.0' })).toEqual(['the document has no operation that can be called']);
  });
});

describe('a schema of OpenAPI 3.0', () => {
  it('loses what JSON Schema does not have', () => {
    expect(modernSchema({ type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 5, nullable: true })).toEqual({
      anyOf: [{ type: 'null' }, { type: 'number', exclusiveMinimum: 0, maximum: 5 }],
    });
    expect(modernSchema({ properties: { nullable: { type: 'string', nullable: true } } })).toEqual({
      properties: { nullable: { anyOf: [{ type: 'null' }, { type: 'string' }] } },
    });
  });
});
