import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { provideTools, type ToolOptions } from '../packages/index.ts';
import { freePort, onExit, runOk, startProcess, temporaryFolder, untilTrue } from '../processes/index.ts';

export interface Credentials {
  username: string;
  password: string;
}

export interface LocalRegistry {
  /** `127.0.0.1:PORT`; plain HTTP, which engines accept there. */
  host: string;
  /** Folder of what it stores. */
  folder: string;
  /** What it asks for, where it does. */
  auth?: Credentials;
  /** What it has been asked so far; empty unless it keeps an access log. */
  requests(): Promise<RegistryRequest[]>;
  /** Ends it and removes what it stores; happens by itself when the process ends. */
  stop(): Promise<void>;
}

export interface RegistryRequest {
  method: string;
  /** Path with query string. */
  path: string;
  status: number;
  /** The client, as it calls itself. */
  agent: string;
}

/**
 * Starts a real registry (Debian's `docker-registry`, that is CNCF distribution 2.8) on a free port of 127.0.0.1.
 * @param options.auth the one user who may read and write; default: everybody
 * @param options.accessLog whether to remember its requests
 * @param options.deletion whether manifests can be deleted; default: yes
 * @throws Error with the end of its log when it does not come up
 */
export async function startRegistry(
  options: ToolOptions & { auth?: Credentials; accessLog?: boolean; deletion?: boolean },
): Promise<LocalRegistry> {
  const { env } = await provideTools({ 'docker-registry': 'docker-registry' }, options);
  const temporary = await temporaryFolder('image-cascade-registry-');
  const storage = join(temporary.path, 'storage');
  const passwords = join(temporary.path, 'htpasswd');
  await mkdir(storage);
  if (options.auth !== undefined) await writeFile(passwords, await passwordLine(options.auth), { mode: 0o600 });

  const host = `127.0.0.1:${await freePort()}`;
  const configuration = join(temporary.path, 'config.json');
  const content = registryConfiguration(
    host,
    storage,
    options.auth === undefined ? undefined : passwords,
    options.accessLog === true,
    options.deletion,
  );
  const logFile = join(temporary.path, 'registry.log');
  await writeFile(configuration, JSON.stringify(content), { mode: 0o600 });
  const server = await startProcess('docker-registry', ['serve', configuration], {
    env,
    logFile,
  });
  const stop = onExit(async () => {
    await server.stop();
    await temporary.remove();
  });
  try {
    await untilTrue(
      async () => {
        if (server.status() !== null) throw new Error('it ended at once');
        const answer = await fetch(`http://${host}/v2/`).catch(() => undefined);
        await answer?.body?.cancel();
        return answer !== undefined && [200, 401].includes(answer.status);
      },
      { what: `the registry to answer on ${host}` },
    );
  } catch (error) {
    const lines = await server.lastLines(20);
    await stop();
    throw new Error(`the local registry did not start (${(error as Error).message}); its log ends:\n${lines}`);
  }
  options.log(`registry on ${host}`);
  const requests = async (): Promise<RegistryRequest[]> => parseAccessLog(await readFile(logFile, 'utf8'));
  return { host, folder: storage, requests, stop, ...(options.auth === undefined ? {} : { auth: options.auth }) };
}

/** Configuration of distribution 2.8, whose YAML takes JSON too: https://distribution.github.io/distribution/about/configuration/ */
export function registryConfiguration(
  host: string,
  storage: string,
  passwords: string | undefined,
  accessLog = false,
  deletion = true,
): object {
  return {
    version: 0.1,
    log: { level: 'warn', accesslog: { disabled: !accessLog } },
    storage: {
      filesystem: { rootdirectory: storage },
      delete: { enabled: deletion },
      maintenance: { uploadpurging: { enabled: false } },
    },
    http: { addr: host, secret: randomBytes(16).toString('hex') },
    ...(passwords === undefined ? {} : { auth: { htpasswd: { realm: 'image-cascade', path: passwords } } }),
  };
}

/** The lines of an access log in Apache's combined format, which the registry writes to its standard output. */
export function parseAccessLog(text: string): RegistryRequest[] {
  return [...text.matchAll(/^\S+ \S+ \S+ \[[^\]]*\] "(\S+) (\S+) [^"]*" (\d+) \S+ "[^"]*" "([^"]*)"$/gm)].map(
    ([, method = '', path = '', status = '', agent = '']) => ({ method, path, status: Number(status), agent }),
  );
}

/**
 * A line of an htpasswd file. The registry takes bcrypt hashes alone, and the C library has that function: perl, which
 * every Debian system has, calls it. The password goes in on standard input, so that no process list shows it.
 */
async function passwordLine({ username, password }: Credentials): Promise<string> {
  // 22 characters of bcrypt's alphabet for 128 bits; the last one carries two bits only.
  const alphabet = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  const random = [...randomBytes(21)].map((byte) => alphabet[byte % 64]).join('');
  const program = 'my $salt = shift; local $/; print crypt(<STDIN>, $salt)';
  const { stdout } = await runOk('perl', ['-e', program, `$2y$04$${random}.`], { input: password });
  if (!stdout.startsWith('$2y$04$'))
    throw new Error('the C library of this machine has no bcrypt: start the registry without a password');
  return `${username}:${stdout}\n`;
}
