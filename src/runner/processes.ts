/** Runs command lines: the plain ones through @actions/exec; it can't end, feed or stream a process, so the others directly. */
import { spawn, spawnSync } from 'node:child_process';
import type { Processes, RunOptions, RunResult, Streamed } from '../processes.ts';

const graceMs = 5_000;

/** This process's environment without the names that are not set. */
export function currentEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** @param cancelled ends every process that `run` started with a time limit or a signal, and every stream. */
export function createProcesses(cancelled?: AbortSignal): Processes {
  return {
    run: async (command, args, options = {}) =>
      options.brief === true
        ? runBriefly(command, args, options, cancelled)
        : isPlain(options) && cancelled === undefined
          ? runPlain(command, args, options)
          : collect(start(command, args, options, cancelled), options),
    stream: (command, args, options = {}) => {
      const { child, done } = start(command, args, options, cancelled);
      return { output: child.stdout, done } satisfies Streamed;
    },
  };
}

function runBriefly(
  command: string,
  args: readonly string[],
  { cwd, env, input = '', timeoutMs, signal }: RunOptions,
  cancelled: AbortSignal | undefined,
): RunResult {
  if (signal?.aborted === true || cancelled?.aborted === true) return { status: 130, stdout: '', stderr: '' };
  const { status, stdout, stderr, error } = spawnSync(command, [...args], {
    input,
    encoding: 'utf8',
    maxBuffer: Number.POSITIVE_INFINITY,
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env: { ...env } }),
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
  });
  // A process that ends without reading its input is judged by its exit status alone.
  if (error === undefined || status !== null) return { status: status ?? 1, stdout, stderr };
  const timedOut = 'code' in error && error.code === 'ETIMEDOUT';
  return { status: timedOut ? 124 : 127, stdout: stdout ?? '', stderr: `${stderr ?? ''}${error.message}` };
}

/** What @actions/exec can do: of a process that does not read its input, it makes an error that nobody catches. */
function isPlain({ timeoutMs, signal, input }: RunOptions): boolean {
  return timeoutMs === undefined && signal === undefined && input === undefined;
}

async function runPlain(command: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  // Most actions run nothing that way.
  const { getExecOutput } = await import('@actions/exec');
  try {
    const result = await getExecOutput(`"${command}"`, [...args], {
      silent: true,
      ignoreReturnCode: true,
      env: { ...(options.env ?? currentEnvironment()) },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      listeners: {
        stdline: (line) => options.onLine?.(line, 'stdout'),
        errline: (line) => options.onLine?.(line, 'stderr'),
      },
    });
    return { status: result.exitCode, stdout: result.stdout, stderr: result.stderr };
  } catch (error) {
    return { status: 127, stdout: '', stderr: error instanceof Error ? error.message : String(error) };
  }
}

type Running = ReturnType<typeof start>;

function start(command: string, args: readonly string[], options: RunOptions, cancelled: AbortSignal | undefined) {
  const child = spawn(command, [...args], {
    cwd: options.cwd,
    env: options.env === undefined ? process.env : { ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let forced: number | undefined;
  const timers: NodeJS.Timeout[] = [];
  const end = (status: number): void => {
    if (forced !== undefined) return;
    forced = status;
    child.kill('SIGTERM');
    timers.push(setTimeout(() => child.kill('SIGKILL'), graceMs));
  };
  const abort = (): void => end(130);
  const signals = [options.signal, cancelled].filter((signal) => signal !== undefined);
  for (const signal of signals) {
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
  }
  if (options.timeoutMs !== undefined) timers.push(setTimeout(() => end(124), options.timeoutMs));

  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // A process that ends without reading its input is judged by its exit status alone.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  const done = new Promise<RunResult>((resolve) => {
    const settle = (status: number): void => {
      for (const timer of timers) clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener('abort', abort);
      resolve({ status: forced ?? status, stdout: '', stderr });
    };
    child.on('error', (error) => {
      stderr += error.message;
      settle(127);
    });
    child.on('close', (code) => settle(code ?? 1));
  });
  return { child, done };
}

async function collect({ child, done }: Running, options: RunOptions): Promise<RunResult> {
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const { onLine } = options;
  if (onLine !== undefined) {
    child.stdout.on(
      'data',
      lines((line) => onLine(line, 'stdout')),
    );
    child.stderr.on(
      'data',
      lines((line) => onLine(line, 'stderr')),
    );
  }
  return { ...(await done), stdout };
}

function lines(emit: (line: string) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const parts = (rest + text).split(/\r?\n/);
    rest = parts.pop() ?? '';
    for (const line of parts) emit(line);
  };
}
