import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type VisitedHttp, type VisitRequest, visit } from '../../src/checks/visit.ts';

/** Its text alone, in a process of its own, as a visitor runs it. */
async function ask(...requests: VisitRequest[]): Promise<unknown[]> {
  const child = spawn(process.execPath, ['-e', `(${String(visit)})()`, JSON.stringify(requests)]);
  let text = '';
  for await (const chunk of child.stdout) text += chunk;
  return JSON.parse(text);
}

let server: Server;
let port = 0;
beforeAll(async () => {
  server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const [status, headers] = request.url === '/moved' ? [302, { location: '/there' }] : [200, { 'x-two': ['b', 'a'] }];
    response.writeHead(status, headers);
    response.end(`${request.method} ${request.url} ${request.rawHeaders.join(' ')}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.close();
});

function get(path: string, more: Partial<VisitedHttp> = {}): VisitRequest {
  const url = `http://127.0.0.1:${port}${path}`;
  return {
    ...{ kind: 'http', url, method: 'GET', headers: [], body: '', follow: true, insecure: false, timeoutMs: 5_000 },
    ...more,
  };
}

describe('a visit', () => {
  it('needs nothing but its own text, and answers each request by itself', async () => {
    const answers = await ask(
      { kind: 'kernel', path: '/proc/sys/kernel/ostype' },
      { kind: 'kernel', path: '/proc/sys/kernel/nothing' },
      { kind: 'dial', network: 'tcp', host: '127.0.0.1', port, timeoutMs: 1_000 },
      { kind: 'dial', network: 'tcp6', host: '127.0.0.1', port, timeoutMs: 1_000 },
      { kind: 'resolve', host: '192.0.2.1', type: '', timeoutMs: 1_000 },
      { kind: 'interface', name: 'nothing' },
      get('/', { url: 'ftp://127.0.0.1/' }),
    );
    expect(answers).toEqual([
      { answer: 'Linux\n' },
      { answer: null },
      { answer: true },
      { answer: expect.any(Boolean) },
      { answer: ['192.0.2.1'] },
      { answer: null },
      { error: 'ftp:// is not asked' },
    ]);
  });

  it('follows redirects where it is asked to', async () => {
    const [followed, stayed] = await ask(
      get('/moved', { method: 'POST', body: 'x' }),
      get('/moved', { follow: false }),
    );
    expect(followed).toMatchObject({ answer: { status: 200, body: expect.stringMatching(/^GET \/there /) } });
    expect(stayed).toMatchObject({ answer: { status: 302, headers: expect.arrayContaining(['Location: /there']) } });
  });

  it('shows headers as goss does, sorted, each value on a line of its own', async () => {
    const [answer] = await ask(get('/', { headers: [['user-agent', 'goss/0.4.9']] }));
    expect(answer).toMatchObject({
      answer: {
        headers: expect.arrayContaining(['X-Two: a', 'X-Two: b']),
        body: expect.stringContaining('User-Agent goss/0.4.9'),
      },
    });
  });
});
