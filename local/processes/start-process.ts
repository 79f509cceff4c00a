import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, open, readFile } from 'node:fs/promises';
import { onExit } from './on-exit.ts';
import { killGroup } from './running-commands.ts';

export interface StartOptions {
  /** The whole environment; default: this process's. */
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** File that both output streams are appended to. */
  logFile: string;
  /** Milliseconds between asking the process to end and killing it with its children; default 10,000. */
  graceMs?: number;
}

export interface StartedProcess {
  pid: number;
  /** Exit status, or null as long as the process runs. */
  status(): number | null;
  /** The last lines of the log file. */
  lastLines(count: number): Promise<string>;
  /** Ends the process and what is left of its process group; harmless when it has ended. */
  stop(): Promise<void>;
}

/**
 * Starts a process that stays, in a session of its own, and that is stopped at the latest when this process ends.
 * A command that does not exist shows as a process that ends at once, with the reason in its log.
 * @throws Error when the command cannot be started
 */
export async function startProcess(
  command: string,
  args: readonly string[],
  options: StartOptions,
): Promise<StartedProcess> {
  const log = await open(options.logFile, 'a');
  let status: number | null = null;
  const [program = command, ...rest] = [...(await dyingWithParent()), command, ...args];
  const child = spawn(program, rest, {
    env: options.env ?? process.env,
    cwd: options.cwd,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  const ended = new Promise<void>((resolve) => {
    child.on('exit', (code) => {
      status = code ?? 1;
      resolve();
    });
  });
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw new Error(`cannot start ${command}: ${error instanceof Error ? error.message : error}`, { cause: error });
  } finally {
    await log.close();
  }
  const pid = child.pid;
  if (pid === undefined) throw new Error(`cannot start ${command}`);
  child.unref();

  const stop = onExit(async () => {
    if (status === null) {
      child.ref();
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), options.graceMs ?? 10_000);
      await ended;
      clearTimeout(timer);
    }
    killGroup(pid, 'SIGKILL');
  });

  return {
    pid,
    status: () => status,
    lastLines: async (count) => {
      const text = await readFile(options.logFile, 'utf8').catch(() => '');
      return text.trimEnd().split('\n').slice(-count).join('\n');
    },
    stop,
  };
}

/** A prefix that asks the kernel to end a process when this one is gone, even if it was killed: prctl(2). */
async function dyingWithParent(): Promise<string[]> {
  const setpriv = '/usr/bin/setpriv';
  return access(setpriv).then(
    () => [setpriv, '--pdeathsig', 'TERM', '--'],
    () => [],
  );
}
