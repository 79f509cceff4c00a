import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Engine, logIn } from '../../src/engine/index.ts';
import { answering } from './processes.ts';

const credentials = { registry: 'r.example', username: 'me', password: 'sesame' };
let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'login-test-'));
  await writeFile(join(home, 'config.json'), JSON.stringify({ auths: { 'o.example': { auth: 'x' } } }));
});
afterEach(() => rm(home, { recursive: true }));

function engine(processes: Engine['processes']): Engine {
  const env = { DOCKER_CONFIG: home };
  return { kind: 'docker', version: '28', store: 'containerd', local: true, processes, env };
}

describe('logIn', () => {
  it('gives the password to standard input only, in a folder of its own that is gone afterwards', async () => {
    const processes = answering(() => '');
    const { engine: own, logOut } = await logIn(engine(processes), credentials);
    const folder = own.env.DOCKER_CONFIG ?? '';
    expect(folder).not.toBe(home);
    expect(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'))).toMatchObject({
      auths: { 'o.example': { auth: 'x' } },
    });
    const [call] = processes.calls;
    expect(call?.args).toEqual(['login', '--username', 'me', '--password-stdin', 'r.example']);
    expect(call?.options.input).toBe('sesame');
    expect(call?.options.env).toMatchObject({ DOCKER_CONFIG: folder });
    await logOut();
    await expect(access(folder)).rejects.toThrow();
  });

  it('leaves nothing behind when the registry refuses', async () => {
    const processes = answering(() => ({ status: 1, stderr: 'Error: unauthorized: incorrect username or password' }));
    await expect(logIn(engine(processes), credentials)).rejects.toThrow(
      /^logging in to r\.example: the registry refused the credentials .*check the step's inputs/,
    );
    await expect(access(processes.calls[0]?.options.env?.DOCKER_CONFIG ?? home)).rejects.toThrow();
  });
});
