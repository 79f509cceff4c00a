/** The real Jinja2, in a process of its own. */
import { spawn, spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Named as Jinja2 names them. */
export interface Options {
  readonly trim_blocks?: boolean;
  readonly lstrip_blocks?: boolean;
  readonly keep_trailing_newline?: boolean;
  readonly undefined?: 'strict' | 'lenient';
  /** Whether Jinja2 computes what is constant beforehand, which it does not always do as when it renders. */
  readonly optimized?: boolean;
}

export interface Request {
  /** Texts by name. */
  readonly templates: Readonly<Record<string, string>>;
  /** The template that is rendered. */
  readonly main: string;
  /** JSON, with Python's other types written as data.ts says. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly options?: Options;
}

export type Answer = { readonly output: string } | { readonly error: string; readonly message: string };

export interface Oracle {
  readonly version: string;
  /** The answers in the order of the requests. */
  render(requests: readonly Request[]): Promise<Answer[]>;
  stop(): void;
}

export const noJinja2 = "Python's jinja2 is not installed; install Debian's python3-jinja2";

const script = join(dirname(fileURLToPath(import.meta.url)), 'oracle.py');

/** The Python that has Jinja2: Debian's own before others on the PATH; `undefined` where none has it. */
export function pythonWithJinja2(): string | undefined {
  return ['/usr/bin/python3', 'python3'].find((python) => spawnSync(python, ['-c', 'import jinja2']).status === 0);
}

export async function startOracle(python = pythonWithJinja2()): Promise<Oracle> {
  if (python === undefined) throw new Error(noJinja2);
  const child = spawn(python, ['-W', 'ignore', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async <T>(): Promise<T> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error('the process that renders with Jinja2 has ended');
    return JSON.parse(value) as T;
  };
  const { version } = await next<{ version: string }>();
  let last: Promise<unknown> = Promise.resolve();
  const render = async (requests: readonly Request[]): Promise<Answer[]> => {
    const answers: Answer[] = [];
    child.stdin.write(requests.map((request) => `${JSON.stringify(request)}\n`).join(''));
    for (const _ of requests) answers.push(await next<Answer>());
    return answers;
  };
  return {
    version,
    render: (requests) => {
      const answers = last.then(() => render(requests));
      last = answers.catch(() => undefined);
      return answers;
    },
    stop: () => child.stdin.end(),
  };
}
