/** Stand-in for processes: answers command lines from a table, and keeps what it was asked. */
import { Readable } from 'node:stream';
import type { Processes, RunOptions, RunResult } from '../../src/processes.ts';

export interface Call {
  readonly command: string;
  readonly args: readonly string[];
  readonly options: RunOptions;
}

export type Answer = Partial<RunResult> | string | undefined;

export interface RecordedProcesses extends Processes {
  readonly calls: Call[];
}

/** @param answer for each call; text is standard output, `undefined` a command that is not installed */
export function answering(answer: (call: Call) => Answer): RecordedProcesses {
  const calls: Call[] = [];
  const resultOf = (call: Call): RunResult => {
    calls.push(call);
    const given = answer(call);
    if (given === undefined) return { status: 127, stdout: '', stderr: 'spawn ENOENT' };
    const result = { status: 0, stdout: '', stderr: '', ...(typeof given === 'string' ? { stdout: given } : given) };
    for (const line of result.stderr.split('\n')) call.options.onLine?.(line, 'stderr');
    return result;
  };
  return {
    calls,
    run: async (command, args, options = {}) => resultOf({ command, args, options }),
    stream: (command, args, options = {}) => {
      const result = resultOf({ command, args, options });
      return { output: Readable.from([Buffer.from(result.stdout, 'latin1')]), done: Promise.resolve(result) };
    },
  };
}
