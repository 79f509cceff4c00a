/** Logs in to a registry for the commands of one action, without touching the user's own configuration. */
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { demand, type Engine } from './engine.ts';

export interface Credentials {
  /** Host and port. */
  readonly registry: string;
  readonly username: string;
  readonly password: string;
}

/**
 * The engine with a configuration folder of its own, in which it is logged in. What the user's configuration says is
 * kept: other registries, credential helpers, plugins, builders.
 * @returns the engine, and what removes the folder again: to be called however the action ends
 * @throws ProblemsError when the registry refuses the credentials
 */
export async function logIn(
  engine: Engine,
  credentials: Credentials,
): Promise<{ readonly engine: Engine; logOut(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'image-cascade-login-'));
  const logOut = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const env =
      engine.kind === 'docker'
        ? await dockerConfiguration(engine.env, folder, credentials.registry)
        : await podmanConfiguration(engine.env, folder);
    const own: Engine = { ...engine, env: { ...engine.env, ...env } };
    const { registry, username, password } = credentials;
    const host = registry === 'docker.io' ? [] : [registry];
    await demand(own, `logging in to ${registry}`, ['login', '--username', username, '--password-stdin', ...host], {
      input: password,
    });
    return { engine: own, logOut };
  } catch (error) {
    await logOut();
    throw error;
  }
}

async function dockerConfiguration(
  env: Engine['env'],
  folder: string,
  registry: string,
): Promise<Record<string, string>> {
  const theirs = env.DOCKER_CONFIG || join(env.HOME ?? homedir(), '.docker');
  const configuration = ownConfiguration(await readConfiguration(join(theirs, 'config.json')), registry);
  await writeFile(join(folder, 'config.json'), JSON.stringify(configuration), { mode: 0o600 });
  for (const kept of ['cli-plugins', 'contexts', 'buildx']) {
    // A link to what is not there does no harm.
    await symlink(join(theirs, kept), join(folder, kept)).catch(() => {});
  }
  return { DOCKER_CONFIG: folder };
}

/**
 * The user's configuration without a store for the credentials of `registry`: a store would keep the login for ever,
 * while what stands in the file is removed with it. Other registries keep their stores. Pure.
 */
export function ownConfiguration(theirs: Readonly<Record<string, unknown>>, registry: string): Record<string, unknown> {
  const { credsStore: store, ...rest } = theirs;
  const host = registry === 'docker.io' ? 'https://index.docker.io/v1/' : registry;
  const auths = asMap(theirs.auths);
  const stored = typeof store === 'string' ? Object.keys(auths).map((name) => [name, store]) : [];
  const helpers = { ...Object.fromEntries(stored), ...asMap(theirs.credHelpers) };
  const { [host]: _, ...others } = helpers;
  // With an entry for the host, the client does not look for a store by itself.
  return { ...rest, credHelpers: others, auths: { ...auths, [host]: {} } };
}

function asMap(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

async function podmanConfiguration(env: Engine['env'], folder: string): Promise<Record<string, string>> {
  const file = join(folder, 'auth.json');
  const runtime = env.XDG_RUNTIME_DIR;
  const theirs = env.REGISTRY_AUTH_FILE ?? (runtime === undefined ? undefined : join(runtime, 'containers/auth.json'));
  await mkdir(folder, { recursive: true });
  if (theirs !== undefined) await cp(theirs, file).catch(() => {});
  return { REGISTRY_AUTH_FILE: file };
}

async function readConfiguration(file: string): Promise<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(await readFile(file, 'utf8'));
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}
