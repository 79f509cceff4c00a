import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server, type TlsOptions } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkTls, type TlsCheck } from '../../src/checks/kinds/tls.ts';

let folder = '';
const servers: Server[] = [];

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
}
function pem(name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}
/** A certificate that the authority signs, valid for ten days. */
function certificate(name: string, host: string): void {
  writeFileSync(join(folder, `${name}.ext`), `subjectAltName=DNS:${host}`);
  openssl(
    'req',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-subj',
    `/CN=${host}`,
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.csr`,
  );
  openssl(
    'x509',
    '-req',
    '-in',
    `${name}.csr`,
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-days',
    '10',
    '-extfile',
    `${name}.ext`,
    '-out',
    `${name}.pem`,
  );
}
async function serve(options: TlsOptions): Promise<number> {
  const server = createServer(
    { cert: pem('web.pem'), key: pem('web.key'), ciphers: 'DEFAULT@SECLEVEL=0', ...options },
    (socket) => {
      socket.on('error', () => {});
    },
  );
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
function check(port: number, rest: Partial<TlsCheck>): Promise<string[]> {
  const container = { id: 'c', image: '', running: true, exitCode: 0, error: '', pid: 1, ports: { '443/tcp': port } };
  const preset = {
    port: 443,
    serverName: 'web.test',
    ca: pem('ca.pem'),
    selfSigned: false,
    accepts: [],
    refuses: [],
    validDays: 0,
    clientRequired: false,
  };
  return checkTls({ ...preset, ...rest }, { container, timeoutMs: 5000 });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'image-cascade-tls-'));
  openssl(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-subj',
    '/CN=authority',
    '-days',
    '10',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
  );
  certificate('web', 'web.test');
  certificate('client', 'client.test');
});
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true });
});

describe('a TLS check', () => {
  it('looks at the chain, the name and the days that are left', async () => {
    const port = await serve({});
    expect(await check(port, { validDays: 9 })).toEqual([]);
    expect(await check(port, { validDays: 30 })).toEqual([
      expect.stringMatching(/^its certificate expires in 9 days, on .*; expected at least 30$/),
    ]);
    expect(await check(port, { serverName: 'other.test' })).toEqual([
      'its certificate is not for other.test, only for DNS:web.test',
    ]);
    expect(await check(port, { ca: pem('client.pem') })).toEqual([
      expect.stringMatching(/^none of the trusted authorities signed its certificate/),
    ]);
    expect(await check(port, { serverName: 'other.test', selfSigned: true })).toEqual([]);
  });

  it('tries each version', async () => {
    const modern = await serve({ minVersion: 'TLSv1.2' });
    expect(await check(modern, { accepts: ['TLSv1.2', 'TLSv1.3'], refuses: ['TLSv1', 'TLSv1.1'] })).toEqual([]);
    const old = await serve({ minVersion: 'TLSv1', maxVersion: 'TLSv1.2' });
    expect(await check(old, { accepts: ['TLSv1.3'], refuses: ['TLSv1', 'TLSv1.1'] })).toEqual([
      expect.stringMatching(/^it refuses TLSv1.3: /),
      'it accepts TLSv1',
      'it accepts TLSv1.1',
    ]);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'gives a certificate of its own where the server wants one, with %s',
    async (version) => {
      const port = await serve({
        requestCert: true,
        rejectUnauthorized: true,
        ca: pem('ca.pem'),
        minVersion: version,
        maxVersion: version,
      });
      const client = { cert: pem('client.pem'), key: pem('client.key') };
      expect(await check(port, { client, clientRequired: true })).toEqual([]);
      expect(await check(port, {})).toEqual(
        version === 'TLSv1.2' ? [expect.stringMatching(/^the handshake failed: /)] : [],
      );
      expect(await check(await serve({}), { client, clientRequired: true })).toEqual([
        'it asks no certificate of its clients',
      ]);
    },
  );

  it('says when nothing speaks TLS there', async () => {
    expect(await check(1, {}).catch((error) => [String(error)])).toEqual([expect.stringMatching(/ECONNREFUSED/)]);
  });
});
