import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startRegistryStandIn } from '../../local/registry/stand-in.ts';
import { createRegistry } from '../../src/registry/index.ts';
import { messageOf, quickClock } from './fixtures.ts';

const names = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'NO_PROXY', 'no_proxy'];
let before: [string, string | undefined][];
let proxy: Server;
let asked: string[];

beforeEach(async () => {
  before = names.map((name) => [name, process.env[name]]);
  for (const name of names) delete process.env[name];
  asked = [];
  proxy = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(502).end();
  }).listen(0, '127.0.0.1');
  proxy.on('connect', (request, socket: Socket) => {
    asked.push(`CONNECT ${request.url}`);
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await once(proxy, 'listening');
});

afterEach(() => {
  proxy.close();
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

const address = (): string => `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;

describe('behind a proxy', () => {
  it('registries elsewhere are asked through it, as HTTPS_PROXY says', async () => {
    process.env.HTTPS_PROXY = address();
    const registry = createRegistry({ retries: 0 });
    expect(await messageOf(registry.head('registry.invalid/a/b', 'latest'))).toContain('cannot be reached');
    expect(asked).toEqual(['CONNECT registry.invalid:443']);
  });

  it('registries that NO_PROXY names are asked directly', async () => {
    process.env.HTTPS_PROXY = address();
    process.env.NO_PROXY = 'registry.invalid';
    const registry = createRegistry({ clock: quickClock() });
    expect(await messageOf(registry.head('registry.invalid/a/b', 'latest'))).toContain(
      'registry.invalid cannot be reached',
    );
    expect(asked).toEqual([]);
  });

  it('a registry on this machine is asked directly, whatever the proxy settings', async () => {
    process.env.HTTP_PROXY = address();
    process.env.HTTPS_PROXY = address();
    const server = await startRegistryStandIn();
    expect(await createRegistry().head(`${server.host}/a/b`, 'latest')).toBeUndefined();
    expect(asked).toEqual([]);
    await server.stop();
  });
});
