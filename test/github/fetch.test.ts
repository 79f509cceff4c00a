import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createFetch } from '../../src/github/fetch.ts';

const endings: (() => void)[] = [];
afterEach(() => {
  for (const end of endings.splice(0)) end();
});

/** @returns the address of a server that answers with `answer` */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  endings.push(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

const post = { method: 'POST', headers: { authorization: 'token secret' }, body: '{"a":"ü"}' };

describe('fetch', () => {
  it('sends a body and reads the answer', async () => {
    const url = await serve(async (request, response) => {
      response.writeHead(201, { 'x-answer': 'yes' }).end(`${request.method} ${request.url} ${await text(request)}`);
    });
    const response = await createFetch()(`${url}/path?x=1`, post);
    expect(response.status).toBe(201);
    expect(response.headers.get('x-answer')).toBe('yes');
    expect(await response.text()).toBe('POST /path?x=1 {"a":"ü"}');
  });

  it('follows the redirect of a renamed repository with the same method and body', async () => {
    const url = await serve(async (request, response) => {
      const body = await text(request);
      if (request.url === '/old') response.writeHead(307, { location: '/new' }).end();
      else response.end(`${request.method} ${request.url} ${request.headers.authorization} ${body}`);
    });
    const response = await createFetch()(`${url}/old`, post);
    expect(await response.text()).toBe('POST /new token secret {"a":"ü"}');
  });

  it('takes the token to no other host', async () => {
    let asked = 0;
    const other = await serve((_, response) => {
      asked += 1;
      response.end();
    });
    const url = await serve((_, response) => void response.writeHead(307, { location: `${other}/x` }).end());
    expect((await createFetch()(url, post)).status).toBe(307);
    expect(asked).toBe(0);
  });

  it('gives up on redirects that go round in a circle', async () => {
    const url = await serve((_, response) => void response.writeHead(302, { location: '/' }).end());
    expect((await createFetch()(url, post)).status).toBe(302);
  });
});
