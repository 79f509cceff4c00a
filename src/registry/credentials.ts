/** Logins: given explicitly for one registry, or what `docker login` left behind. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fail } from '../problems.ts';
import type { Processes } from '../processes.ts';
import { errorCode } from './retries.ts';

export type Credentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** What a login with single sign-on leaves: exchanged for tokens, never sent as a password. */
  | { readonly kind: 'identity'; readonly token: string };

/** The login for a registry, `host[:port]` as in references (`docker.io`); undefined: none. */
export type CredentialSource = (host: string) => Promise<Credentials | undefined>;

export interface CredentialOptions {
  /** Runs credential helpers. */
  readonly processes: Processes;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Goes before everything else, for this host alone. */
  readonly explicit?: { readonly host: string; readonly username: string; readonly password: string };
}

/** Key of Docker Hub in Docker's configuration, for historical reasons. */
const dockerHubKey = 'https://index.docker.io/v1/';
const helperTimeoutMs = 30_000;

/**
 * Credentials from `$DOCKER_CONFIG/config.json` (default `~/.docker/config.json`): `credHelpers`, `credsStore`, `auths`,
 * in Docker's order. https://docs.docker.com/reference/cli/docker/login/#credential-stores
 * The file is read when a registry first asks for a login.
 */
export function readDockerCredentials({ processes, env, explicit }: CredentialOptions): CredentialSource {
  let config: Promise<DockerConfig> | undefined;
  return async (host) => {
    if (explicit !== undefined && sameHost(explicit.host, host)) {
      return { kind: 'password', username: explicit.username, password: explicit.password };
    }
    config ??= readConfig(env);
    const { file, auths, credHelpers, credsStore } = await config;
    const keys = keysOf(host);
    const helper = keys.map((key) => credHelpers[key]).find((name) => name !== undefined) ?? credsStore;
    const stored = helper === undefined ? undefined : await askHelper(processes, env, helper, keys, file);
    return stored ?? fromAuths(auths, keys, file);
  };
}

interface DockerConfig {
  readonly file: string;
  readonly auths: Readonly<Record<string, unknown>>;
  readonly credHelpers: Readonly<Record<string, string>>;
  readonly credsStore?: string;
}

async function readConfig(env: CredentialOptions['env']): Promise<DockerConfig> {
  const folder = env.DOCKER_CONFIG || join(env.HOME || homedir(), '.docker');
  const file = join(folder, 'config.json');
  const none = { file, auths: {}, credHelpers: {} };
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return none;
    return fail(`cannot read Docker's configuration ${file}`, { hint: 'check its permissions', cause: error });
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which holds passwords.
    fail("Docker's configuration is not JSON", { place: { file }, hint: "remove it and run 'docker login' again" });
  }
  const { auths, credHelpers, credsStore } = record(parsed);
  const helpers = Object.entries(record(credHelpers)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
  );
  return {
    file,
    auths: record(auths),
    credHelpers: Object.fromEntries(helpers),
    ...(typeof credsStore === 'string' && credsStore !== '' ? { credsStore } : {}),
  };
}

async function askHelper(
  processes: Processes,
  env: CredentialOptions['env'],
  helper: string,
  keys: readonly string[],
  file: string,
): Promise<Credentials | undefined> {
  // The name becomes a command: nothing that could leave the folders of PATH.
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(helper)) {
    fail(`'${helper}' is not the name of a credential helper`, {
      place: { file },
      hint: 'letters, digits, -, _ and .',
    });
  }
  const command = `docker-credential-${helper}`;
  const definedEnv = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  for (const key of keys) {
    const result = await processes.run(command, ['get'], { input: key, env: definedEnv, timeoutMs: helperTimeoutMs });
    if (result.status === 127) {
      fail(`the credential helper ${command} cannot be started`, {
        place: { file },
        hint: `install it, or remove '${helper}' from this file`,
      });
    }
    if (result.status === 0) {
      const login = readHelperAnswer(result.stdout);
      return login ?? fail(`the credential helper ${command} gave no login`, { hint: 'look into its documentation' });
    }
    // Both the text and the stream are part of the protocol: https://github.com/docker/docker-credential-helpers
    if (!/credentials not found/i.test(result.stdout + result.stderr)) {
      fail(`the credential helper ${command} failed with status ${result.status}`, {
        hint: `try it: echo ${key} | ${command} get`,
      });
    }
  }
  return undefined;
}

function readHelperAnswer(text: string): Credentials | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { Username: username, Secret: secret } = record(parsed);
  if (typeof username !== 'string' || typeof secret !== 'string') return undefined;
  return username === '<token>'
    ? { kind: 'identity', token: secret }
    : { kind: 'password', username, password: secret };
}

function fromAuths(auths: DockerConfig['auths'], keys: readonly string[], file: string): Credentials | undefined {
  const key = keys.find((name) => auths[name] !== undefined);
  if (key === undefined) return undefined;
  const { auth, identitytoken, username, password } = record(auths[key]);
  if (typeof identitytoken === 'string' && identitytoken !== '') return { kind: 'identity', token: identitytoken };
  if (typeof username === 'string' && typeof password === 'string') return { kind: 'password', username, password };
  // An entry without a login: what `docker login` leaves when a credential store keeps the login itself.
  if (typeof auth !== 'string' || auth === '') return undefined;
  const text = Buffer.from(auth, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) fail(`the login for '${key}' cannot be read`, { place: { file }, hint: `run 'docker login ${key}'` });
  return { kind: 'password', username: text.slice(0, colon), password: text.slice(colon + 1).replaceAll('\0', '') };
}

function keysOf(host: string): readonly string[] {
  if (isDockerHub(host)) return [dockerHubKey, 'index.docker.io', 'docker.io', 'registry-1.docker.io'];
  return [host, `https://${host}`, `https://${host}/`, `https://${host}/v1/`, `https://${host}/v2/`, `http://${host}`];
}

function sameHost(one: string, other: string): boolean {
  const plain = (host: string): string => {
    const name = host.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
    return isDockerHub(name) ? 'docker.io' : name;
  };
  return plain(one) === plain(other);
}

function isDockerHub(host: string): boolean {
  return host === 'docker.io' || host === 'index.docker.io' || host === 'registry-1.docker.io';
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
