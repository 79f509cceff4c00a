/** Which container engine is there, and what it can do. */
import { fail, type Problem, ProblemsError } from '../problems.ts';
import type { Processes, RunOptions, RunResult } from '../processes.ts';
import { explainFailure } from './failures.ts';

export interface Engine {
  readonly kind: 'docker' | 'podman';
  readonly version: string;
  /** The containerd image store holds several platforms and attestations of an image, the classic one does not. */
  readonly store: 'containerd' | 'classic';
  /** Version of buildx; only with Docker. */
  readonly buildx?: string;
  /** Whether its containers are processes of this machine, and their published ports are here. */
  readonly local: boolean;
  readonly processes: Processes;
  /** Environment of every command, which says where the engine is and what it may log in to. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Asks for Docker with buildx, then for Podman. A `docker` command without an engine or without buildx behind it counts
 * as none.
 * @param wanted the one that has to be there; default: whichever is
 * @throws ProblemsError that says what was found and what to install
 */
export async function detectEngine(
  processes: Processes,
  env: Readonly<Record<string, string>>,
  wanted?: Engine['kind'],
): Promise<Engine> {
  const docker = wanted === 'podman' ? 'not asked for' : await findDocker(processes, env);
  if (typeof docker !== 'string') return docker;
  const podman = wanted === 'docker' ? 'not asked for' : await findPodman(processes, env);
  if (typeof podman !== 'string') return podman;
  if (wanted !== undefined) {
    const [name, found, what] =
      wanted === 'docker' ? ['Docker', docker, 'Docker with its buildx plugin'] : ['Podman', podman, 'Podman'];
    return fail(`${name} is needed here, and does not work (${found})`, {
      hint: `install ${what}, and see that \`${wanted} info\` works in this job`,
    });
  }
  const problem: Problem = {
    message: `there is no container engine to work with (Docker: ${docker}; Podman: ${podman})`,
    hint: 'install Docker with its buildx plugin, or Podman, and see that `docker info` or `podman info` works in this job',
  };
  throw new ProblemsError([problem]);
}

type Environment = Readonly<Record<string, string>>;

async function findDocker(processes: Processes, env: Environment): Promise<Engine | string> {
  const [version, buildx, info] = await Promise.all([
    processes.run('docker', ['version', '--format', '{{json .}}'], { env }),
    processes.run('docker', ['buildx', 'version'], { env }),
    processes.run('docker', ['info', '--format', '{{json .}}'], { env }),
  ]);
  const server = readJson<{ Server?: { Version?: string } | null }>(version)?.Server?.Version;
  if (server === undefined) return why(version, 'no engine answers');
  if (buildx.status !== 0) return `engine ${server} without buildx`;
  const driver = readJson<{ DriverStatus?: readonly (readonly string[])[] | null }>(info)?.DriverStatus ?? [];
  return {
    kind: 'docker',
    version: server,
    store: driver.some(([, value]) => value?.startsWith('io.containerd.snapshotter') === true)
      ? 'containerd'
      : 'classic',
    buildx: /\bv?(\d+\.\d+[^\s]*)/.exec(buildx.stdout.replace(/^\S+\s/, ''))?.[1] ?? 'unknown',
    local: isLocal(env.DOCKER_HOST),
    processes,
    env,
  };
}

async function findPodman(processes: Processes, env: Environment): Promise<Engine | string> {
  const info = await processes.run('podman', ['info', '--format', 'json'], { env });
  const parsed = readJson<{ version?: { Version?: string }; host?: { serviceIsRemote?: boolean } }>(info);
  const version = parsed?.version?.Version;
  if (version === undefined) return why(info, 'it does not answer');
  const local = parsed?.host?.serviceIsRemote !== true || isLocal(env.CONTAINER_HOST);
  return { kind: 'podman', version, store: 'classic', local, processes, env };
}

function isLocal(address: string | undefined): boolean {
  return address === undefined || address === '' || /^(?:unix|fd|npipe):/.test(address) || address.startsWith('/');
}

function why({ status, stderr }: RunResult, otherwise: string): string {
  if (status === 127) return 'not installed';
  return stderr.trim().split('\n').at(-1)?.trim() || otherwise;
}

function readJson<T>({ status, stdout }: RunResult): T | undefined {
  if (status !== 0 && stdout.trim() === '') return undefined;
  try {
    const value: T | null = JSON.parse(stdout);
    return value ?? undefined;
  } catch {
    return undefined;
  }
}

/** Runs the engine's command line. Never rejects because of an exit status. */
export function runEngine(
  engine: Engine,
  args: readonly string[],
  options: Omit<RunOptions, 'env'> = {},
): Promise<RunResult> {
  return engine.processes.run(engine.kind, args, { ...options, env: engine.env });
}

/**
 * As `runEngine`, for commands that have to work.
 * @param what begins the error message: `starting web`
 * @returns standard output without surrounding space
 * @throws ProblemsError with the engine's own last words and what to do
 */
export async function demand(
  engine: Engine,
  what: string,
  args: readonly string[],
  options: Omit<RunOptions, 'env'> = {},
): Promise<string> {
  const result = await runEngine(engine, args, options);
  if (result.status !== 0) {
    const { message, hint } = explainFailure(result.stderr, result.status);
    fail(`${what}: ${message}`, hint === undefined ? {} : { hint });
  }
  return result.stdout.trim();
}
