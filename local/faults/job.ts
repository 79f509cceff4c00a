/** A job without a workflow: the bundled actions, one by one, as a runner starts them. */
import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { onExit, projectRoot, runOk, temporaryFolder } from '../processes/index.ts';

export interface Repository {
  readonly folder: string;
  /** Writes files and commits them. */
  commit(files: Readonly<Record<string, string>>): Promise<void>;
}

export interface StepResult {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Both streams. */
  readonly log: string;
}

export interface RunningStep {
  /** Signals the action alone, as a runner that cancels. */
  kill(signal: NodeJS.Signals): void;
  /** Ends the action and everything that it started at once, as a machine that goes away. */
  destroy(): void;
  /** Hears each line. */
  onLine(listener: (line: string) => void): void;
  readonly ended: Promise<StepResult>;
}

export interface Job {
  readonly temp: string;
  start(action: string, inputs?: Readonly<Record<string, string>>, env?: Readonly<Record<string, string>>): RunningStep;
  run(
    action: string,
    inputs?: Readonly<Record<string, string>>,
    env?: Readonly<Record<string, string>>,
  ): Promise<StepResult>;
  /** A record that a step left in the run folder. */
  record<T>(step: string): Promise<T>;
}

const author = {
  GIT_AUTHOR_NAME: 'M',
  GIT_AUTHOR_EMAIL: 'm@example.com',
  GIT_COMMITTER_NAME: 'M',
  GIT_COMMITTER_EMAIL: 'm@example.com',
};

export async function createRepository(): Promise<Repository> {
  const { path: folder } = await temporaryFolder('image-cascade-faults-');
  const git = (...args: string[]) => runOk('git', args, { cwd: folder, env: { ...process.env, ...author } });
  await git('init', '--quiet', '--initial-branch=main');
  return {
    folder,
    async commit(files) {
      for (const [path, content] of Object.entries(files)) {
        await mkdir(join(folder, path, '..'), { recursive: true });
        await writeFile(join(folder, path), content);
      }
      await git('add', '--all');
      await git('commit', '--quiet', '--allow-empty', '--message', 'Change');
    },
  };
}

/** A job on the repository's present commit. */
export async function createJob(
  repository: Repository,
  environment: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, string>> = {},
): Promise<Job> {
  const { path: temp } = await temporaryFolder('image-cascade-job-');
  const root = projectRoot();
  const commit = (await runOk('git', ['rev-parse', 'HEAD'], { cwd: repository.folder })).stdout.trim();
  const event = join(temp, 'event.json');
  await writeFile(event, JSON.stringify({ repository: { default_branch: 'main' } }));
  const base = {
    ...environment,
    // Temporary files of the actions are looked for here afterwards.
    TMPDIR: join(temp, 'tmp'),
    RUNNER_TEMP: join(temp, 'runner'),
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_EVENT_PATH: event,
    GITHUB_OUTPUT: join(temp, 'output'),
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REPOSITORY: 'acme/images',
    GITHUB_SERVER_URL: 'http://127.0.0.1:9',
    GITHUB_SHA: commit,
    GITHUB_STEP_SUMMARY: join(temp, 'summary.md'),
    GITHUB_WORKSPACE: repository.folder,
    ...changes,
  };
  await mkdir(base.TMPDIR);
  await mkdir(base.RUNNER_TEMP);
  await writeFile(base.GITHUB_OUTPUT, '');
  const presets = await readPresets();
  const start: Job['start'] = (action, inputs = {}, env = {}) => {
    const given = Object.entries({ ...presets.get(action), ...inputs }).map(([name, value]) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      value,
    ]);
    const child = spawn(join(root, 'node_modules/node/bin/node'), [join(root, 'dist', `${action}.js`)], {
      cwd: repository.folder,
      env: { ...base, ...Object.fromEntries(given), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let log = '';
    const listeners: ((line: string) => void)[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        log += text;
        for (const line of text.split('\n')) for (const listener of listeners) listener(line);
      });
    }
    const ended = new Promise<StepResult>((resolve) => {
      child.on('close', (status, signal) => resolve({ status, signal, log }));
    });
    const destroy = (): void => {
      // The group is there as long as one of its processes is.
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended already.
      }
    };
    onExit(destroy);
    return { kill: (signal) => child.kill(signal), destroy, onLine: (listener) => listeners.push(listener), ended };
  };
  return {
    temp,
    start,
    run: (...args) => start(...args).ended,
    async record(step) {
      return JSON.parse(await readFile(join(base.RUNNER_TEMP, 'image-cascade', `${step}.json`), 'utf8'));
    },
  };
}

/** The inputs' defaults by action, as a runner hands them over; expressions have no meaning here. */
async function readPresets(): Promise<Map<string, Record<string, string>>> {
  const folder = join(projectRoot(), 'actions');
  const entries = await Promise.all(
    (await readdir(folder)).map(async (action): Promise<[string, Record<string, string>]> => {
      const text = await readFile(join(folder, action, 'action.yml'), 'utf8');
      const { inputs = {} }: { inputs?: Record<string, { default?: string }> } = parse(text);
      const presets = Object.entries(inputs).flatMap(([name, input]) =>
        input.default === undefined || input.default.includes('${{') ? [] : [[name, input.default] as const],
      );
      return [action, Object.fromEntries(presets)];
    }),
  );
  return new Map(entries);
}
