import { chmod, glob, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { linkIptables, workingIptables } from '../engine/network.ts';
import { chooseSubnet, parseRoutes } from '../engine/subnet.ts';
import { cacheFolder, provideTools, readMachine } from '../packages/index.ts';
import { onExit, run, temporaryFolder } from '../processes/index.ts';
import { rememberFirewall } from './firewall.ts';
import { containersConf, storageConf } from './settings.ts';

export interface LocalPodman {
  readonly kind: 'existing' | 'private';
  /** Search path with its command in front. */
  readonly path: string;
}

export interface NoPodman {
  readonly kind: 'none';
  /** For people. */
  readonly reason: string;
}

export interface PodmanOptions {
  log(line: string): void;
  /** Where unpacked packages are kept between runs; default: `.cache/engine` of this checkout. */
  readonly cache?: string;
  /** Environment that the command has to work in. */
  readonly env: Readonly<Record<string, string>>;
}

/** Command → package. What Podman alone starts is found from the folders of commands. */
const tools = {
  podman: 'podman',
  conmon: 'conmon',
  runc: 'runc',
  catatonit: 'catatonit',
  '../lib/podman/netavark': 'netavark',
  iptables: 'iptables',
  ip: 'iproute2',
};

/**
 * Podman as it is on this machine, where it plays pods; else one with a store and settings of its own, from the
 * machine's programs and unpacked packages. It goes with the process.
 */
export async function providePodman(options: PodmanOptions): Promise<LocalPodman | NoPodman> {
  const bare = process.env.IMAGE_CASCADE_IGNORE_SYSTEM_TOOLS === '1';
  const obstacle = bare ? 'it is not asked for' : await obstacleTo(options.env);
  const path = options.env.PATH ?? '';
  if (obstacle === undefined) return { kind: 'existing', path };
  const machine = await readMachine();
  if (!machine.root) return { kind: 'none', reason: `${obstacle}; and a private one can only be started by root` };
  try {
    return await startPrivate(options);
  } catch (error) {
    return { kind: 'none', reason: error instanceof Error ? error.message : String(error) };
  }
}

async function startPrivate(options: PodmanOptions): Promise<LocalPodman> {
  const { env } = await provideTools(tools, options);
  const cache = cacheFolder(options);
  await mkdir(cache, { recursive: true });
  const data = await mkdtemp(join(await realpath(cache), 'podman-'));
  onExit(() => rm(data, { recursive: true, force: true }));
  const { path: folder } = await temporaryFolder('image-cascade-podman-');
  const folders = { data, run: folder };

  const iptables = await workingIptables(env);
  const bin = join(folder, 'bin');
  await linkIptables(bin, iptables, env);
  onExit(await rememberFirewall(iptables, env));

  const program = await commandOf('podman', env);
  const own: Record<string, string> = {
    // The policy that lets images in is looked for in the home folder.
    HOME: join(folder, 'home'),
    CONTAINERS_CONF: join(folder, 'containers.conf'),
    CONTAINERS_STORAGE_CONF: join(folder, 'storage.conf'),
    PATH: `${bin}:${env.PATH ?? ''}`,
    ...Object.fromEntries(
      ['LD_LIBRARY_PATH', 'XTABLES_LIBDIR'].flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
    ),
  };
  const { pool } = chooseSubnet(parseRoutes(await readFile('/proc/net/route', 'utf8')), process.pid + 128);
  const helpers = await helperFolders(dirname(dirname(program)));
  await mkdir(join(folder, 'home/.config/containers'), { recursive: true });
  const files: Record<string, string> = {
    'containers.conf': containersConf(folders, helpers, own, pool),
    'storage.conf': storageConf(folders),
    'home/.config/containers/policy.json': JSON.stringify({ default: [{ type: 'insecureAcceptAnything' }] }),
    'bin/podman': wrapper(program, own),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  await chmod(join(bin, 'podman'), 0o755);

  const path = `${bin}:${options.env.PATH ?? ''}`;
  onExit(async () => {
    await run(join(bin, 'podman'), ['pod', 'rm', '--all', '--force', '--time', '0'], { timeoutMs: 60_000 });
  });
  const wrong = await obstacleTo({ ...options.env, PATH: path });
  if (wrong !== undefined) throw new Error(`a private Podman does not play pods here: ${wrong}`);
  return { kind: 'private', path };
}

/** Settings are Podman's alone: what else runs in the same environment keeps its own. */
function wrapper(program: string, env: Readonly<Record<string, string>>): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
  return [
    '#!/bin/sh',
    ...Object.entries(env).map(([name, value]) => `export ${name}=${quoted(value)}`),
    `exec ${quoted(program)} "$@"\n`,
  ].join('\n');
}

/** Where Debian and Ubuntu have what Podman starts, in the folder that its own package was unpacked into. */
async function helperFolders(usr: string): Promise<string[]> {
  const found: string[] = [];
  for (const root of new Set([usr, '/usr']))
    for await (const folder of glob(['lib/podman', 'libexec/podman', 'bin'], { cwd: root }))
      found.push(join(root, folder));
  return found;
}

async function commandOf(name: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { status, stdout } = await run('sh', ['-c', 'command -v "$1"', 'sh', name], { env });
  if (status !== 0) throw new Error(`there is no command ${name}`);
  return stdout.trim();
}

/** Why Podman can't play a pod with a published port in this environment; `undefined` when it can. */
async function obstacleTo(env: Readonly<Record<string, string>>): Promise<string | undefined> {
  const podman = (...args: string[]) => run('podman', args, { env, timeoutMs: 60_000 });
  const version = await podman('--version');
  if (version.status === 127) return 'Podman is not installed';
  if (version.status !== 0) return lastLine(version.stderr);
  if ((await podman('kube', 'play', '--help')).status !== 0)
    return `${version.stdout.trim()} is too old for \`podman kube play\``;
  const pod = `image-cascade-try-${process.pid}`;
  const made = await podman('pod', 'create', '--name', pod, '--publish', '127.0.0.1::80');
  const started = made.status === 0 ? await podman('pod', 'start', pod) : made;
  await podman('pod', 'rm', '--force', '--ignore', '--time', '0', pod);
  return started.status === 0 ? undefined : lastLine(started.stderr);
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) || 'it does not say why';
}
