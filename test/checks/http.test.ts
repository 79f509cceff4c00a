import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkHttp, type HttpCheck } from '../../src/checks/kinds/http.ts';
import { anyText } from '../../src/checks/kinds/schemas.ts';

let server: Server;
let port: number;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/silent') return;
    if (request.url === '/moved') return void response.writeHead(302, { location: '/?from=moved' }).end();
    if (request.url === '/away') return void response.writeHead(301, { location: 'http://example.com/' }).end();
    if (request.url === '/kept') return void response.writeHead(307, { location: '/?from=kept' }).end();
    if (request.url === '/closed') return void request.socket.destroy();
    if (request.url === '/json') return void response.end('{"items": [{"name": "Kettle"}]}');
    if (request.url?.startsWith('/?')) return void response.end(`${request.method} ${request.url}`);
    if (request.url === '/big') return void response.end('x'.repeat(3_000_000));
    response.writeHead(request.url === '/' ? 200 : 404);
    response.end(`${request.method} ${request.headers['x-greeting'] ?? 'nothing'}\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function check(rest: Partial<HttpCheck>): Promise<string[]> {
  const preset: HttpCheck = {
    port: 80,
    path: '/',
    method: 'GET',
    headers: {},
    status: [200],
    response: anyText,
    responseHeaders: {},
    json: {},
    redirects: 0,
  };
  const container = { id: 'c', image: '', running: true, exitCode: 0, error: '', pid: 1, ports: { '80/tcp': port } };
  return checkHttp({ ...preset, ...rest }, { container, timeoutMs: 500 });
}

describe('checkHttp', () => {
  it('sends method and headers, and passes when status and body are as wanted', async () => {
    const response = { ...anyText, contains: ['hi'], matches: ['^POST'] };
    expect(await check({ method: 'POST', headers: { 'X-Greeting': 'hi' }, response })).toEqual([]);
    expect(await check({ path: '/none', status: [404, 410] })).toEqual([]);
  });

  it('says what is different', async () => {
    expect(await check({ path: '/none', response: { ...anyText, contains: ['PUT'] } })).toEqual([
      "the answer is 404, expected 200; its body is 'GET nothing'",
      "the body does not contain 'PUT'",
      "the body is 'GET nothing'",
    ]);
  });

  it('gives up when nothing comes', async () => {
    expect(await check({ path: '/silent' })).toEqual(['no answer: nothing within 0.5 s']);
  });

  it('says where to look when nobody is there', async () => {
    expect(await check({ path: '/closed' })).toEqual([
      'no answer: the connection was closed (ECONNRESET); see that something listens on port 80, and not at 127.0.0.1 only',
    ]);
  });

  it('reads no more than the first megabyte', async () => {
    expect(await check({ path: '/big', response: { ...anyText, matches: ['^x{1048576}$'] } })).toEqual([]);
  });

  it('follows as many redirects as it is told, within the container only', async () => {
    const response = (text: string): Partial<HttpCheck> => ({ redirects: 1, response: { ...anyText, equals: text } });
    expect(await check({ path: '/moved', status: [302] })).toEqual([]);
    expect(await check({ path: '/moved', method: 'POST', body: 'x', ...response('GET /?from=moved') })).toEqual([]);
    expect(await check({ path: '/kept', method: 'POST', body: 'x', ...response('POST /?from=kept') })).toEqual([]);
    expect(await check({ path: '/away', redirects: 5 })).toEqual([
      'no answer: it leads to http://example.com/, which is not this port of the container',
    ]);
  });

  it('looks at headers and into JSON', async () => {
    const responseHeaders = { 'x-none': anyText, connection: { ...anyText, contains: ['close'] } };
    expect(await check({ path: '/json', json: { '$.items[0].name': 'Kettle' } })).toEqual([]);
    expect(await check({ path: '/json', responseHeaders, json: { 'items[1]': 'x', items: [] } })).toEqual([
      "the answer has no header 'x-none'",
      'items[1] is not there, expected "x"',
      'items is [{"name":"Kettle"}], expected []',
    ]);
    expect(await check({ json: { a: 1 } })).toEqual(["the body is no JSON: 'GET nothing'"]);
  });
});
