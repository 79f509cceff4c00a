import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkHttp, type HttpCheck } from '../../src/checks/kinds/http.ts';

let server: Server;
let port: number;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/silent') return;
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
  const body = { contains: [], matches: [] };
  const preset: HttpCheck = { port: 80, path: '/', method: 'GET', headers: {}, status: [200], body };
  return checkHttp({ ...preset, ...rest }, port, 500);
}

describe('checkHttp', () => {
  it('sends method and headers, and passes when status and body are as wanted', async () => {
    const body = { contains: ['hi'], matches: ['^POST'] };
    expect(await check({ method: 'POST', headers: { 'X-Greeting': 'hi' }, body })).toEqual([]);
    expect(await check({ path: '/none', status: [404, 410] })).toEqual([]);
  });

  it('says what is different', async () => {
    expect(await check({ path: '/none', body: { contains: ['PUT'], matches: [] } })).toEqual([
      "the answer is 404, expected 200; its body is 'GET nothing'",
      "the body does not contain 'PUT'",
      "the body is 'GET nothing'",
    ]);
  });

  it('gives up when nothing comes', async () => {
    expect(await check({ path: '/silent' })).toEqual(['no answer: nothing within 0.5 s']);
  });

  it('reads no more than the first megabyte', async () => {
    expect(await check({ path: '/big', body: { contains: [], matches: ['^x{1048576}$'] } })).toEqual([]);
  });
});
