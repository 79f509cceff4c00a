import { constants } from 'node:os';
import { killRunningCommands } from './running-commands.ts';

type Cleanup = () => unknown;

const cleanups: Cleanup[] = [];
let installed = false;
let ending: Promise<void> | undefined;

/**
 * Runs `cleanup` when the process ends: after `main`, when nothing is left to do, on SIGINT, SIGTERM and SIGHUP, and on
 * an uncaught error. The last one registered runs first.
 *
 * @returns a function that runs the cleanup now instead, once, however often it is called
 */
export function onExit(cleanup: Cleanup): () => Promise<void> {
  install();
  let done: Promise<void> | undefined;
  const once = (): Promise<void> => {
    done ??= (async () => {
      const index = cleanups.indexOf(once);
      if (index >= 0) cleanups.splice(index, 1);
      await cleanup();
    })();
    return done;
  };
  cleanups.push(once);
  return once;
}

/** Runs every registered cleanup, last one first; one that fails does not keep the others from running. */
export async function runCleanups(): Promise<void> {
  for (let cleanup = cleanups.at(-1); cleanup !== undefined; cleanup = cleanups.at(-1)) {
    try {
      await cleanup();
    } catch (error) {
      process.stderr.write(`while cleaning up: ${message(error)}\n`);
      process.exitCode = 1;
    }
  }
}

/**
 * The body of an entry script: runs it, then the cleanups, then ends the process.
 * An error is printed as its message (with the stack where `DEBUG` is set) and gives exit status 1.
 */
export async function main(body: () => Promise<void>): Promise<void> {
  install();
  try {
    await body();
  } catch (error) {
    // A body that was interrupted fails in some way; the signal is the story then.
    if (ending === undefined) report(error);
    process.exitCode ??= 1;
  }
  await (ending ?? runCleanups());
  process.exit();
}

function install(): void {
  if (installed) return;
  installed = true;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // Ctrl-C often arrives twice (from the terminal and from a parent that passes it on): only the first counts.
    process.on(signal, () => void end(128 + constants.signals[signal]));
  }
  process.on('uncaughtException', (error) => {
    report(error);
    void end(1);
  });
  process.on('beforeExit', () => {
    if (cleanups.length > 0) void runCleanups();
  });
}

function end(status: number): Promise<void> {
  ending ??= (async () => {
    process.exitCode = status;
    killRunningCommands();
    await runCleanups();
    process.exit(status);
  })();
  return ending;
}

function report(error: unknown): void {
  const verbose = process.env.DEBUG !== undefined && error instanceof Error;
  process.stderr.write(`${verbose ? error.stack : message(error)}\n`);
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
