/** A command in a container of its own. */
import type { RunResult } from '../processes.ts';
import { demand, type Engine, runEngine } from './engine.ts';

export interface OnceSettings {
  readonly image: string;
  /** Unique in the engine. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Instead of the image's entrypoint and command. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly privileged?: boolean;
  readonly tty?: boolean;
  /** Absolute path. */
  readonly envFile?: string;
  readonly capabilities?: readonly string[];
  /** As `--volume` takes them. */
  readonly volumes?: readonly string[];
}

export function onceArguments(settings: OnceSettings): string[] {
  const {
    image,
    name,
    labels,
    command,
    env,
    user,
    privileged,
    tty,
    envFile,
    capabilities = [],
    volumes = [],
  } = settings;
  const pairs = (values: Readonly<Record<string, string>>): string[] =>
    Object.entries(values).map(([key, value]) => `${key}=${value}`);
  return [
    'run',
    '--pull',
    'never',
    '--name',
    name,
    ...pairs(labels).flatMap((label) => ['--label', label]),
    ...(envFile === undefined ? [] : ['--env-file', envFile]),
    ...pairs(env).flatMap((variable) => ['--env', variable]),
    ...(user === undefined ? [] : ['--user', user]),
    ...(privileged === true ? ['--privileged'] : []),
    ...(tty === true ? ['--tty'] : []),
    ...capabilities.flatMap((capability) => ['--cap-add', capability]),
    ...volumes.flatMap((volume) => ['--volume', volume]),
    // An empty one takes the image's away.
    '--entrypoint',
    '',
    image,
    ...command,
  ];
}

export interface OnceResult extends RunResult {
  /** Why the command did not run at all. */
  readonly notStarted?: string;
}

/** The container stays: it may be committed. The caller removes it. */
export async function runOnce(engine: Engine, settings: OnceSettings, timeoutMs: number): Promise<OnceResult> {
  const result = await runEngine(engine, onceArguments(settings), { timeoutMs });
  // The client uses these statuses for errors of its own, as the command may.
  const [, reason] = /^(?:docker: |Error: )(.*)/.exec(result.stderr) ?? [];
  if (result.status < 125 || result.status > 127 || reason === undefined) return result;
  return { ...result, notStarted: reason };
}

/** The state of a container as an image. @returns its id; the caller removes it */
export async function commitContainer(engine: Engine, container: string): Promise<string> {
  return await demand(engine, 'keeping what a command did', ['commit', container]);
}
