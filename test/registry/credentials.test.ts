import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type TemporaryFolder, temporaryFolder } from '../../local/processes/index.ts';
import { readDockerCredentials } from '../../src/registry/index.ts';
import { createProcesses } from '../../src/runner/processes.ts';
import { messageOf } from './fixtures.ts';

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await temporaryFolder('image-cascade-logins-');
});
afterEach(() => folder.remove());

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A `docker-credential-<name>` on PATH that knows one host, written as its protocol says. */
async function installHelper(name: string, host: string, answer: object, exit = 1): Promise<void> {
  const bin = join(folder.path, 'bin');
  await mkdir(bin, { recursive: true });
  const file = join(bin, `docker-credential-${name}`);
  const script = [
    '#!/bin/sh',
    '[ "$1" = get ] || exit 9',
    'read -r host',
    `if [ "$host" = '${host}' ]; then echo '${JSON.stringify(answer)}'; exit 0; fi`,
    exit === 1 ? 'echo "credentials not found in native keychain"' : 'echo "the keychain is locked" >&2',
    `exit ${exit}`,
  ];
  await writeFile(file, `${script.join('\n')}\n`);
  await chmod(file, 0o755);
}

async function source(config: unknown, explicit?: { host: string; username: string; password: string }) {
  const text = typeof config === 'string' ? config : JSON.stringify(config);
  await writeFile(join(folder.path, 'config.json'), text);
  return readDockerCredentials({
    processes: createProcesses(),
    env: { DOCKER_CONFIG: folder.path, PATH: `${join(folder.path, 'bin')}${delimiter}${process.env.PATH}` },
    ...(explicit === undefined ? {} : { explicit }),
  });
}

describe('what docker login left behind', () => {
  it('is found by host, with a colon in the password', async () => {
    const logins = await source({ auths: { '127.0.0.1:5000': { auth: base64('me:a:b') } } });
    expect(await logins('127.0.0.1:5000')).toEqual({ kind: 'password', username: 'me', password: 'a:b' });
    expect(await logins('127.0.0.1:5001')).toBeUndefined();
  });

  it.each(['https://ghcr.io', 'https://ghcr.io/v2/', 'ghcr.io'])('is found under %s', async (key) => {
    const logins = await source({ auths: { [key]: { auth: base64('me:pw') } } });
    expect(await logins('ghcr.io')).toEqual({ kind: 'password', username: 'me', password: 'pw' });
  });

  it('is found for Docker Hub under its old name', async () => {
    const logins = await source({ auths: { 'https://index.docker.io/v1/': { auth: base64('me:pw') } } });
    expect(await logins('docker.io')).toEqual({ kind: 'password', username: 'me', password: 'pw' });
  });

  it('may be an identity token', async () => {
    const logins = await source({ auths: { 'r.example': { auth: base64('x:'), identitytoken: 'abc' } } });
    expect(await logins('r.example')).toEqual({ kind: 'identity', token: 'abc' });
  });

  it('may be nothing: no file, no entry, an empty entry', async () => {
    const logins = await source({ auths: { 'r.example': {} } });
    expect(await logins('r.example')).toBeUndefined();
    const nowhere = { DOCKER_CONFIG: join(folder.path, 'nowhere') };
    const none = readDockerCredentials({ processes: createProcesses(), env: nowhere });
    expect(await none('r.example')).toBeUndefined();
  });

  it('is in the home folder when DOCKER_CONFIG is not set', async () => {
    await mkdir(join(folder.path, '.docker'));
    const auths = { 'r.example': { auth: base64('me:pw') } };
    await writeFile(join(folder.path, '.docker/config.json'), JSON.stringify({ auths }));
    const logins = readDockerCredentials({ processes: createProcesses(), env: { HOME: folder.path } });
    expect(await logins('r.example')).toMatchObject({ username: 'me' });
  });

  it('is named, but not quoted, when it cannot be read', async () => {
    const broken = await source('{"auths": {"r.example": {"auth": "c2VjcmV0"');
    const message = await messageOf(broken('r.example'));
    expect(message).toContain(`${folder.path}/config.json: Docker's configuration is not JSON`);
    expect(message).not.toContain('c2VjcmV0');
    const noColon = await source({ auths: { 'r.example': { auth: base64('nocolon') } } });
    expect(await messageOf(noColon('r.example'))).toContain("the login for 'r.example' cannot be read");
  });
});

describe('explicit credentials', () => {
  it('win for their host and are not given to another', async () => {
    const auths = { 'r.example': { auth: base64('old:old') }, 'other.example': { auth: base64('o:o') } };
    const logins = await source({ auths }, { host: 'r.example', username: 'new', password: 'pw' });
    expect(await logins('r.example')).toEqual({ kind: 'password', username: 'new', password: 'pw' });
    expect(await logins('other.example')).toMatchObject({ username: 'o' });
    expect(await logins('r.example.evil.example')).toBeUndefined();
  });

  it('may name Docker Hub by any of its names, and a registry by its address', async () => {
    const hub = await source({}, { host: 'https://index.docker.io/v1/', username: 'me', password: 'pw' });
    expect(await hub('docker.io')).toMatchObject({ username: 'me' });
    const other = await source({}, { host: 'https://r.example', username: 'me', password: 'pw' });
    expect(await other('r.example')).toMatchObject({ username: 'me' });
  });
});

describe('credential helpers', () => {
  it('are asked for their host, before the store and the file', async () => {
    await installHelper('one', 'r.example', { Username: 'helper', Secret: 'pw' });
    await installHelper('store', 's.example', { Username: '<token>', Secret: 'idtoken' });
    const logins = await source({
      credHelpers: { 'r.example': 'one' },
      credsStore: 'store',
      auths: { 'r.example': { auth: base64('file:pw') }, 'f.example': { auth: base64('file:pw') } },
    });
    expect(await logins('r.example')).toEqual({ kind: 'password', username: 'helper', password: 'pw' });
    expect(await logins('s.example')).toEqual({ kind: 'identity', token: 'idtoken' });
    expect(await logins('f.example')).toMatchObject({ username: 'file' });
    expect(await logins('nobody.example')).toBeUndefined();
  });

  it('are asked for Docker Hub by its old name', async () => {
    await installHelper('store', 'https://index.docker.io/v1/', { Username: 'hub', Secret: 'pw' });
    const logins = await source({ credsStore: 'store' });
    expect(await logins('docker.io')).toMatchObject({ username: 'hub' });
  });

  it('are named when they fail, are missing, or answer nonsense', async () => {
    await installHelper('locked', 'r.example', {}, 3);
    const locked = await source({ credsStore: 'locked' });
    expect(await messageOf(locked('other.example'))).toContain('docker-credential-locked failed with status 3');
    expect(await messageOf(locked('r.example'))).toContain('docker-credential-locked gave no login');
    const missing = await source({ credsStore: 'not-installed' });
    expect(await messageOf(missing('r.example'))).toContain('docker-credential-not-installed cannot be started');
  });

  it.each(['../evil', '/bin/sh', 'a b', '-x', 'a;b'])('are not run under the name %s', async (name) => {
    const logins = await source({ credsStore: name });
    expect(await messageOf(logins('r.example'))).toContain('is not the name of a credential helper');
  });
});
