/** Containers: started, looked into, removed. */
import type { RunResult, Streamed } from '../processes.ts';
import type { ClusterPod } from './cluster.ts';
import { copyOutOfPod, executeInPod, listPodProcesses } from './cluster-containers.ts';
import { demand, type Engine, runEngine } from './engine.ts';

export interface ContainerSettings {
  readonly image: string;
  /** Unique in the engine. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly user?: string;
  /** Instead of the image's own. */
  readonly entrypoint?: string;
  readonly command: readonly string[];
  /** TCP ports that are to be reached from this machine. */
  readonly ports: readonly number[];
  readonly mounts?: readonly ContainerMount[];
  /** A network of its own, and what the container is called there. Default: the engine's. */
  readonly network?: { readonly name: string; readonly alias: string };
  /** A container whose network and processes it shares, with the right to look into all of them. */
  readonly within?: string;
}

export type ContainerMount =
  | {
      readonly kind: 'bind';
      /** Absolute path on this machine. */
      readonly source: string;
      readonly target: string;
      readonly readOnly: boolean;
    }
  | { readonly kind: 'tmpfs'; readonly target: string };

/** Ports are published on the loopback address only, each under a free port of the engine's choice. */
export function containerArguments(settings: ContainerSettings, verb: 'run' | 'create' = 'run'): string[] {
  const each = (option: string, values: readonly string[]): string[] => values.flatMap((value) => [option, value]);
  const pairs = (values: Readonly<Record<string, string>>): string[] =>
    Object.entries(values).map(([name, value]) => `${name}=${value}`);
  return [
    verb,
    ...(verb === 'run' ? ['--detach'] : []),
    '--pull',
    'never',
    '--name',
    settings.name,
    ...each('--label', pairs(settings.labels)),
    ...each('--env', pairs(settings.env)),
    ...(settings.user === undefined ? [] : ['--user', settings.user]),
    ...(settings.entrypoint === undefined ? [] : ['--entrypoint', settings.entrypoint]),
    ...(settings.network === undefined
      ? []
      : ['--network', settings.network.name, '--network-alias', settings.network.alias]),
    ...(settings.within === undefined ? [] : sharing(settings.within)),
    ...each('--mount', (settings.mounts ?? []).map(mountArgument)),
    ...each(
      '--publish',
      settings.ports.map((port) => `127.0.0.1::${port}/tcp`),
    ),
    settings.image,
    ...settings.command,
  ];
}

function sharing(container: string): string[] {
  const shared = `container:${container}`;
  return ['--network', shared, '--pid', shared, '--cap-add', 'SYS_PTRACE', '--no-healthcheck'];
}

/** A line of comma separated values: https://docs.docker.com/engine/storage/bind-mounts/#options-for---mount */
function mountArgument(mount: ContainerMount): string {
  const fields =
    mount.kind === 'tmpfs'
      ? ['type=tmpfs', `target=${mount.target}`]
      : ['type=bind', `source=${mount.source}`, `target=${mount.target}`, ...(mount.readOnly ? ['readonly=true'] : [])];
  return fields.map((field) => (/[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',');
}

/** Starts a container in the background; returns its id. The caller removes it, also when this fails. */
export function startContainer(engine: Engine, settings: ContainerSettings): Promise<string> {
  return demand(engine, 'the container could not be started', containerArguments(settings));
}

/** Makes a container that is not started: enough to look at its files. */
export function createContainer(engine: Engine, settings: ContainerSettings): Promise<string> {
  return demand(engine, 'the container could not be made', containerArguments(settings, 'create'));
}

export interface ContainerState {
  /** What runs it. */
  readonly host: Engine | ClusterPod;
  /** Of the engine; in a cluster, its name in the pod. */
  readonly id: string;
  /** The engine's image id that it runs. */
  readonly image: string;
  readonly running: boolean;
  readonly exitCode: number;
  readonly error: string;
  /** Process id on the engine's machine; 0 when it does not run. */
  readonly pid: number;
  /** Of the image's own health check; `undefined` where it has none. */
  readonly health?: string;
  /** Where each container port (`80/tcp`) is reached: `127.0.0.1` and the port. */
  readonly ports: Readonly<Record<string, number>>;
}

interface ContainerFacts {
  readonly Id: string;
  readonly Image: string;
  readonly State: {
    readonly Running: boolean;
    readonly ExitCode: number;
    readonly Error?: string;
    readonly Pid: number;
    readonly Health?: { readonly Status?: string } | null;
    readonly Healthcheck?: { readonly Status?: string } | null;
  };
  readonly NetworkSettings?: {
    readonly Ports?: Readonly<Record<string, readonly { readonly HostPort?: string }[] | null>> | null;
  };
}

export async function inspectContainer(engine: Engine, container: string): Promise<ContainerState> {
  const text = await demand(engine, 'looking at the container', ['container', 'inspect', container]);
  const [facts]: ContainerFacts[] = JSON.parse(text);
  if (facts === undefined) throw new Error(`the engine has no container ${container}`);
  const health = (facts.State.Health ?? facts.State.Healthcheck)?.Status;
  const ports = Object.entries(facts.NetworkSettings?.Ports ?? {}).flatMap(([port, bindings]) => {
    const host = Number(bindings?.[0]?.HostPort ?? 0);
    return host > 0 ? [[port, host] as const] : [];
  });
  return {
    host: engine,
    id: facts.Id,
    image: facts.Image.includes(':') ? facts.Image : `sha256:${facts.Image}`,
    running: facts.State.Running,
    exitCode: facts.State.ExitCode,
    error: facts.State.Error ?? '',
    pid: facts.State.Pid,
    ports: Object.fromEntries(ports),
    ...(health === undefined || health === '' ? {} : { health }),
  };
}

/** Runs a command in a running container. Status 126 and 127 mean that it could not be started. */
export function execute(
  { host, id }: Pick<ContainerState, 'host' | 'id'>,
  command: readonly string[],
  options: { readonly user?: string; readonly timeoutMs: number },
): Promise<RunResult> {
  if (host.kind === 'kubectl') return executeInPod(host, id, command, options);
  const user = options.user === undefined ? [] : ['--user', options.user];
  return runEngine(host, ['exec', ...user, id, ...command], { timeoutMs: options.timeoutMs });
}

/** The last lines that the container's processes wrote, both streams in their order as far as the engine keeps it. */
export async function containerLogs(engine: Engine, container: string, lines: number | 'all'): Promise<string[]> {
  const collected: string[] = [];
  const onLine = (line: string): number => collected.push(line);
  await runEngine(engine, ['logs', ...(lines === 'all' ? [] : ['--tail', String(lines)]), container], { onLine });
  return lines === 'all' ? collected : collected.slice(-lines);
}

/**
 * A file or folder of a container as a tar stream; its first entry is the path itself. In a cluster the container has to
 * run, and to have a `tar`.
 */
export function copyOut(
  { host, id }: Pick<ContainerState, 'host' | 'id'>,
  path: string,
  signal: AbortSignal,
): Streamed {
  if (host.kind === 'kubectl') return copyOutOfPod(host, id, path, signal);
  return host.processes.stream(host.kind, ['cp', `${id}:${path}`, '-'], { env: host.env, signal });
}

/** Removes a container with its anonymous volumes, running or not. One that is not there is fine. */
export async function removeContainer(engine: Engine, container: string): Promise<void> {
  const result = await runEngine(engine, ['rm', '--force', '--volumes', container]);
  if (result.status !== 0 && !/no such container|no container with|already in progress/i.test(result.stderr))
    throw new Error(`removing container ${container}: ${result.stderr.trim()}`);
}

export interface ContainerProcess {
  /** Name of the executable as the kernel keeps it, at most 15 characters. */
  readonly name: string;
  /** Number with Docker, name in the container with Podman. */
  readonly user: string;
  /** With its arguments. */
  readonly command: string;
}

/** The processes of a running container, as the engine's own machine sees them, or as the container itself does in a cluster. */
export async function listProcesses(
  { host, id }: Pick<ContainerState, 'host' | 'id'>,
  timeoutMs: number,
): Promise<ContainerProcess[]> {
  if (host.kind === 'kubectl') return await listPodProcesses(host, id, timeoutMs);
  // Docker hands the options to the `ps` of its machine, Podman has names of its own for the columns.
  const columns = host.kind === 'docker' ? ['-eo', 'pid,uid,comm,args'] : ['hpid', 'user', 'comm', 'args'];
  const text = await demand(host, 'listing its processes', ['top', id, ...columns], { timeoutMs });
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, user, name, command] = /^\s*\d+\s+(\S+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
      return user === undefined || name === undefined ? [] : [{ user, name, command: command ?? '' }];
    });
}
