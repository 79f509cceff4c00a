import { afterEach, describe, expect, it } from '@jest/globals';
import { startRegistry } from '../../local/registry/server.ts';
import { type RegistryStandIn, type StandInOptions, startRegistryStandIn } from '../../local/registry/stand-in.ts';
import { parseChallenges } from '../../src/registry/challenge.ts';
import { type Credentials, createRegistry, statusOf } from '../../src/registry/index.ts';
import { messageOf, putBytes, putImage, quickClock } from './fixtures.ts';

const user: Credentials = { kind: 'password', username: 'user', password: 'secret' };
const client = (login?: Credentials, options = {}) => createRegistry({ credentials: async () => login, ...options });

let standIn: RegistryStandIn | undefined;
afterEach(() => standIn?.stop());

async function start(options: StandInOptions): Promise<{ server: RegistryStandIn; repository: string }> {
  standIn = await startRegistryStandIn(options);
  return { server: standIn, repository: `${standIn.host}/fleet/web` };
}

const tokenRequests = (server: RegistryStandIn) => server.requests.filter(({ path }) => path.startsWith('/token'));

describe('a registry with tokens', () => {
  it('is asked without a token once, then with one that serves all further requests of its kind', async () => {
    const { server, repository } = await start({ auth: 'bearer' });
    const registry = client(user);
    await putImage(registry, repository, 'latest');
    expect(tokenRequests(server)).toHaveLength(1);
    await registry.head(repository, 'latest');
    await registry.head(repository, 'latest');
    await registry.head(`${server.host}/fleet/other`, 'latest');
    expect(tokenRequests(server).map(({ path }) => new URLSearchParams(path.split('?')[1]).get('scope'))).toEqual([
      'repository:fleet/web:pull,push',
      'repository:fleet/web:pull',
      'repository:fleet/other:pull',
    ]);
    const refusals = server.requests.filter(({ status }) => status === 401);
    expect(refusals).toHaveLength(1);
  });

  it('gets one token request for many requests at the same time', async () => {
    const { server, repository } = await start({ auth: 'bearer' });
    const registry = client(user);
    await Promise.all(Array.from({ length: 8 }, (_, index) => registry.head(repository, `t${index}`)));
    expect(tokenRequests(server)).toHaveLength(1);
  });

  it('is read anonymously with a token of its own', async () => {
    const { server, repository } = await start({ auth: 'bearer', anonymous: /^fleet\// });
    await putImage(client(user), repository, 'latest');
    server.requests.length = 0;
    expect(await client().head(repository, 'latest')).toBeDefined();
    expect(tokenRequests(server)[0]?.headers.authorization).toBeUndefined();
  });

  it('gives a new token when the old one is used up, and when the registry no longer takes it', async () => {
    const clock = quickClock();
    const { server, repository } = await start({ auth: 'bearer', tokenLifetime: 100, now: clock.now });
    const registry = client(user, { clock });
    await registry.head(repository, 'latest');
    await clock.sleep(95_000);
    server.requests.length = 0;
    await registry.head(repository, 'latest');
    expect(server.requests.map(({ status }) => status)).toEqual([200, 404]);
    server.expireTokens();
    server.requests.length = 0;
    await registry.head(repository, 'latest');
    expect(server.requests.map(({ status }) => status)).toEqual([401, 200, 404]);
  });

  it('takes an identity token by the OAuth way, never as a password', async () => {
    const users = [{ username: 'sso', password: 'unknown', identityToken: 'refresh-me' }];
    const { server, repository } = await start({ auth: 'bearer', users });
    await client({ kind: 'identity', token: 'refresh-me' }).head(repository, 'latest');
    expect(tokenRequests(server).map(({ method, headers }) => [method, headers.authorization])).toEqual([
      ['POST', undefined],
    ]);
    const wrong = client({ kind: 'identity', token: 'old' }).head(repository, 'latest');
    expect(await messageOf(wrong)).toContain('does not accept the username and password');
  });

  it('asks for both repositories when a blob is mounted', async () => {
    const { server, repository } = await start({ auth: 'bearer' });
    const registry = client(user);
    await putImage(registry, repository, 'latest');
    await registry.copy({ repository, tagOrDigest: 'latest' }, { repository: `${server.host}/fleet/other`, tag: 'a' });
    const scopes = tokenRequests(server).map(({ path }) => new URLSearchParams(path.split('?')[1]).getAll('scope'));
    expect(scopes).toContainEqual(['repository:fleet/other:pull,push', 'repository:fleet/web:pull']);
    expect(server.requests.filter(({ method }) => method === 'POST').at(-1)?.status).toBe(201);
  });

  it('gets its own requests repeated when the token service is out of order for a moment', async () => {
    const clock = quickClock();
    const { server, repository } = await start({ auth: 'bearer' });
    server.faults.add({ path: /^\/token/, times: 2, does: { status: 503 } });
    await client(user, { clock }).head(repository, 'latest');
    expect(clock.slept).toHaveLength(2);
    server.faults.add({ path: /^\/token/, times: 99, does: { status: 503 } });
    await messageOf(client(user, { clock, retries: 3 }).head(repository, 'latest'));
    expect(clock.slept).toHaveLength(2 + 3);
  });

  it('does not get the password when it wants it sent in the clear to another host', async () => {
    const { server, repository } = await start({});
    const challenge = 'Bearer realm="http://tokens.example.com/token",service="x"';
    server.faults.add({ does: { status: 401, headers: { 'www-authenticate': challenge } } });
    expect(await messageOf(client(user).head(repository, 'latest'))).toContain('which is no HTTPS address');
  });

  it('is refused a token that could smuggle in a header', async () => {
    const { server, repository } = await start({ auth: 'bearer' });
    const body = JSON.stringify({ token: 'a\r\nx-evil: 1' });
    server.faults.add({ path: /^\/token/, does: { status: 200, body } });
    expect(await messageOf(client(user).head(repository, 'latest'))).toContain('gave no token');
  });
});

describe.each(['basic', 'bearer'] as const)('a login that does not suffice (%s)', (auth) => {
  const readOnly = { username: 'reader', password: 'secret', writes: /^nothing$/ };
  const setUp = () => start({ auth, users: [{ username: 'user', password: 'secret' }, readOnly] });

  it('is missing: says so, and how to log in', async () => {
    const { server, repository } = await setUp();
    const error = await client()
      .head(repository, 'latest')
      .catch((thrown) => thrown);
    expect(error.message).toContain(`registry ${server.host} asks for a login to read ${repository} (status 401)`);
    expect(error.message).toContain(`docker login ${server.host}`);
    expect(statusOf(error)).toBe(401);
  });

  it('has a wrong password: says so, shows it nowhere, and asks once only', async () => {
    const { server, repository } = await setUp();
    const lines: string[] = [];
    const wrong: Credentials = { kind: 'password', username: 'user', password: 'hunter2' };
    const registry = client(wrong, { log: (line: string) => lines.push(line) });
    const message = await messageOf(registry.head(repository, 'latest'));
    expect(message).toContain(`registry ${server.host} does not accept the username and password`);
    const secrets = ['hunter2', Buffer.from('user:hunter2').toString('base64')];
    for (const secret of secrets) expect(`${message}${lines.join('\n')}`).not.toContain(secret);
    const sent = server.requests.filter(({ headers }) => headers.authorization?.startsWith('Basic'));
    expect(sent).toHaveLength(1);
  });

  it('lacks the permission: says which one, and that it is not the password', async () => {
    const { server, repository } = await setUp();
    const message = await messageOf(putBytes(client({ kind: 'password', ...readOnly }), repository, Buffer.from('x')));
    expect(message).toContain(`the login at registry ${server.host} may not write ${repository}`);
    expect(message).not.toContain('password');
  });

  it('suffices when it is right', async () => {
    const { repository } = await setUp();
    await putImage(client(user), repository, 'latest');
    expect(await client({ kind: 'password', ...readOnly }).head(repository, 'latest')).toBeDefined();
  });
});

describe('a real registry with a password', () => {
  it('lets the right one in, and is named for a wrong one and for none', async () => {
    const server = await startRegistry({ log: () => {}, auth: { username: 'user', password: 'sécret:x' } });
    try {
      const repository = `${server.host}/fleet/web`;
      const right = client({ kind: 'password', username: 'user', password: 'sécret:x' });
      await putImage(right, repository, 'latest');
      expect(await right.head(repository, 'latest')).toBeDefined();
      expect(await messageOf(client(user).head(repository, 'latest'))).toContain('does not accept the username');
      expect(await messageOf(client().head(repository, 'latest'))).toContain('asks for a login to read');
    } finally {
      await server.stop();
    }
  }, 300_000);
});

describe('challenges', () => {
  it('are read with quotes, escapes, commas and several schemes', () => {
    const value =
      'Basic realm="a \\"b\\", c", Bearer realm="https://x/t?a=b",service=plain,scope="repository:a:pull,push"';
    expect(parseChallenges(value)).toEqual([
      { scheme: 'basic', parameters: { realm: 'a "b", c' } },
      {
        scheme: 'bearer',
        parameters: { realm: 'https://x/t?a=b', service: 'plain', scope: 'repository:a:pull,push' },
      },
    ]);
  });
});
