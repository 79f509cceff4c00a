import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentOf, readMachine } from '../packages/index.ts';
import { run, temporaryFolder } from '../processes/index.ts';
import { writeClientConfiguration } from './client.ts';
import { dockerPackages, unsupported } from './packages.ts';
import { startPrivateEngine } from './private.ts';
import { judge, type Verdict } from './verdict.ts';

export interface LocalEngine {
  kind: 'existing' | 'private';
  /** For people: which engine this is. */
  description: string;
  /** What to add to the environment of `docker` so that it talks to this engine: DOCKER_HOST, DOCKER_CONFIG, PATH. */
  env: Record<string, string>;
  /** Stops what was started; happens by itself when the process ends. */
  stop(): Promise<void>;
}

export interface EngineOptions {
  log(line: string): void;
  /** Where unpacked packages are kept between runs; default: `.cache/engine` of this checkout. */
  cache?: string;
}

/**
 * An engine with buildx: the one that the docker command reaches (DOCKER_HOST counts), else a private one.
 * @throws Error that says what is missing and what to do
 */
export async function startEngine(options: EngineOptions): Promise<LocalEngine> {
  const verdict = await askDocker(process.env);
  if (verdict.engine === 'usable') return existing(verdict, process.env);

  const machine = await readMachine();
  const obstacle = unsupported(machine);
  if (verdict.engine === 'client-lacking' && obstacle === undefined) {
    const host = await hostOfEngine();
    if (host !== undefined) {
      const client = await dockerPackages(machine, 'client', options);
      const env = { ...(await environmentOf([client], process.env)), DOCKER_HOST: host };
      const folder = await temporaryFolder('image-cascade-client-');
      await writeClientConfiguration(folder.path, [join(client.root, 'usr/libexec/docker/cli-plugins')]);
      const second = await askDocker({ ...env, DOCKER_CONFIG: folder.path });
      await folder.remove();
      if (second.engine === 'usable') {
        const plugins = [join(client.root, 'usr/libexec/docker/cli-plugins')];
        return existing({ ...second, pluginFolders: plugins }, env);
      }
    }
  }

  const problems = [
    ...(process.env.DOCKER_HOST
      ? [`DOCKER_HOST is ${process.env.DOCKER_HOST}, where nothing usable answers (unset it for a private engine)`]
      : []),
    ...(obstacle === undefined ? [] : [obstacle]),
    ...(machine.root ? [] : ['a private engine can only be started by root']),
  ];
  if (problems.length > 0) {
    throw new Error(
      `no Docker engine with buildx: ${verdict.reason}; and none can be started here: ${problems.join('; ')}.\n` +
        'Install Docker with its buildx plugin and start it, or set DOCKER_HOST to an engine that runs, ' +
        'or run this as root on Debian 12 or later, or on Ubuntu.',
    );
  }
  options.log(`no Docker engine with buildx here (${verdict.reason}): starting a private one`);
  return startPrivateEngine(machine, options);
}

async function askDocker(env: NodeJS.ProcessEnv): Promise<Verdict> {
  const options = { env, timeoutMs: 20_000 };
  const [info, buildx] = await Promise.all([
    run('docker', ['info', '--format', '{{json .}}'], options),
    run('docker', ['buildx', 'version'], options),
  ]);
  return judge({ info, buildx });
}

async function existing(verdict: Verdict & { engine: 'usable' }, env: NodeJS.ProcessEnv): Promise<LocalEngine> {
  const host = await hostOf(env);
  const result: LocalEngine = {
    kind: 'existing',
    description: verdict.description,
    env: env.PATH === undefined ? {} : { PATH: env.PATH },
    stop: async () => {},
  };
  // An engine elsewhere may need certificates or a context from the user's own configuration.
  if (host === undefined || !host.startsWith('unix://') || verdict.pluginFolders.length === 0) return result;
  const folder = await temporaryFolder('image-cascade-client-');
  await writeClientConfiguration(folder.path, verdict.pluginFolders);
  return {
    ...result,
    env: { ...result.env, DOCKER_HOST: host, DOCKER_CONFIG: folder.path },
    stop: folder.remove,
  };
}

/** Address of the engine that the docker command with this environment talks to. */
async function hostOf(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (env.DOCKER_HOST !== undefined && env.DOCKER_HOST !== '') return env.DOCKER_HOST;
  const context = await run('docker', ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'], { env });
  const host = context.stdout.trim();
  return context.status === 0 && host !== '' ? host : undefined;
}

/** The same, where there may be no docker command at all. */
async function hostOfEngine(): Promise<string | undefined> {
  const host = await hostOf(process.env);
  if (host !== undefined) return host;
  const socket = '/var/run/docker.sock';
  return access(socket).then(
    () => `unix://${socket}`,
    () => undefined,
  );
}
