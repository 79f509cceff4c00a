import type { ChildProcess } from 'node:child_process';

const running = new Set<ChildProcess>();

/** Remembers a command that runs in a process group of its own, until it has ended. */
export function remember(child: ChildProcess): void {
  running.add(child);
  child.once('close', () => running.delete(child));
}

/** Asks all commands that are running now to end, so that an interrupted script does not wait for them. */
export function killRunningCommands(): void {
  for (const child of running) killGroup(child.pid, 'SIGTERM');
}

/** Signals a process group; one that is gone already is no error. */
export function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
