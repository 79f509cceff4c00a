import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import { killGroup, remember } from './running-commands.ts';

export interface RunOptions {
  /** The whole environment, as in Node's `spawn`; default: this process's. */
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** What the command reads on standard input; nothing by default. */
  input?: string | Uint8Array;
  /** Milliseconds after which the command and its children are killed (status 124). */
  timeoutMs?: number;
  /** Hears each line of both streams as it comes. */
  onLine?: (line: string) => void;
}

export interface RunResult {
  /** Exit status as a shell gives it: 127 no such command, 124 timed out, 128 + n ended by signal n. */
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs a command to its end and never fails: what happened is in the status. No shell is involved. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      env: options.env ?? process.env,
      cwd: options.cwd,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    remember(child);
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    const { onLine } = options;
    if (onLine !== undefined) {
      for (const input of [child.stdout, child.stderr]) createInterface({ input }).on('line', onLine);
    }
    // A command that does not read its input to the end closes the pipe: its affair.
    child.stdin.on('error', () => {});
    child.stdin.end(options.input);

    let timedOut = false;
    let failure: NodeJS.ErrnoException | undefined;
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            killGroup(child.pid, 'SIGKILL');
          }, options.timeoutMs);
    child.on('error', (error) => {
      failure = error;
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      let errors = Buffer.concat(stderr).toString();
      if (failure !== undefined) errors += `cannot run ${command}: ${failure.message}\n`;
      if (timedOut) errors += `${command} was ended after ${options.timeoutMs} ms\n`;
      resolve({ status: status(), stdout: Buffer.concat(stdout).toString(), stderr: errors });

      function status(): number {
        if (failure !== undefined) return failure.code === 'ENOENT' ? 127 : 126;
        if (timedOut) return 124;
        return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
      }
    });
  });
}

/**
 * Runs a command that is expected to succeed.
 * @throws Error with the command line, its status and the end of its output
 */
export async function runOk(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const result = await run(command, args, options);
  if (result.status !== 0) {
    const output = `${result.stdout}\n${result.stderr}`.trim().split('\n').slice(-30).join('\n');
    throw new Error(`\`${[command, ...args].join(' ')}\` ended with status ${result.status}:\n${output}`);
  }
  return result;
}
