import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import { atTheVeryEnd } from './last-resort.ts';

/** What the runner gives a cancelled process before it asks harder, in milliseconds: after SIGINT, after SIGTERM. */
const GRACE = [7500, 2500] as const;
/** How long the runner reads on when a process has ended and left its output open in another. */
const DRAIN = 5000;

/**
 * Runs the process of a step to its end. On `signal` it gets SIGINT, then SIGTERM, then SIGKILL, as the runner does it.
 *
 * @returns the exit status, 128 + n when signal n ended it
 * @throws Error when the command cannot be started
 */
export function runStepProcess(
  command: string,
  args: readonly string[],
  options: { cwd: string; env: Record<string, string>; signal: AbortSignal; onLine(line: string): void },
): Promise<number> {
  return new Promise((resolve, reject) => {
    // A group of its own: Ctrl-C in the terminal cancels the run, which then tells the process in due order.
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const forget = atTheVeryEnd(() => killGroup(child.pid));
    const timers: NodeJS.Timeout[] = [];
    const cancel = (): void => {
      child.kill('SIGINT');
      timers.push(setTimeout(() => child.kill('SIGTERM'), GRACE[0]));
      timers.push(setTimeout(() => killGroup(child.pid), GRACE[0] + GRACE[1]));
    };
    const finish = (): void => {
      for (const timer of timers) clearTimeout(timer);
      options.signal.removeEventListener('abort', cancel);
      forget();
    };
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }).on('line', options.onLine);
    }
    child.on('spawn', () => {
      if (options.signal.aborted) cancel();
      else options.signal.addEventListener('abort', cancel);
    });
    child.on('error', (error) => {
      finish();
      reject(new Error(`cannot run ${command}: ${error.message}`, { cause: error }));
    });
    child.on('exit', () => {
      timers.push(
        setTimeout(() => {
          child.stdout.destroy();
          child.stderr.destroy();
        }, DRAIN),
      );
    });
    child.on('close', (code, signal) => {
      finish();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended in the meantime.
  }
}
