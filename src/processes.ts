/** Processes: how the folders that run a command line are given the means to. Implemented by `runner/processes.ts`. */
import type { Readable } from 'node:stream';

export interface RunOptions {
  readonly cwd?: string;
  /** The whole environment of the process; default: this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Written to standard input, which is closed afterwards. Secrets go here, never into arguments. */
  readonly input?: string;
  /** Called for every line as it arrives, without its line feed. */
  readonly onLine?: (line: string, from: 'stdout' | 'stderr') => void;
  /** The process is ended with SIGTERM, five seconds later with SIGKILL, when this many milliseconds have passed. */
  readonly timeoutMs?: number;
  /**
   * The command is over sooner than its streams could be set up: wait for it, and do nothing else meanwhile. A signal
   * that arrives is heard when it has ended. Not with `onLine`.
   */
  readonly brief?: boolean;
  /** Ends the process as the time limit does. */
  readonly signal?: AbortSignal;
}

export interface RunResult {
  /** Exit status; 127 when the command could not be started, 124 when its time was up, 130 when it was aborted. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running process whose standard output is read as a stream, with back-pressure. */
export interface Streamed {
  readonly output: Readable;
  /** Settles when the process has ended; never rejects. `stdout` is empty. */
  readonly done: Promise<RunResult>;
}

/** The only way to a process. Arguments are an array: no shell is ever involved. */
export interface Processes {
  /** Runs a command to its end. Never rejects because of an exit status. */
  run(command: string, args: readonly string[], options?: RunOptions): Promise<RunResult>;
  stream(command: string, args: readonly string[], options?: Omit<RunOptions, 'onLine'>): Streamed;
}
