import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach } from '@jest/globals';
import { runOk, type TemporaryFolder, temporaryFolder } from '../../local/processes/index.ts';
import {
  type RunnerOptions,
  runWorkflows,
  type StepRun,
  type WorkflowEvent,
  type WorkflowRun,
} from '../../local/runner/index.ts';

const GIT = { PATH: process.env.PATH ?? '', GIT_CONFIG_NOSYSTEM: '1' };
const folders: TemporaryFolder[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await folder.remove();
});

/** A bare repository `acme/image` on disk and a suite beside it, with what is needed to run workflows of it. */
export interface TestBed {
  root: string;
  /** Writes files, commits and pushes them to `branch`; gives the commit. */
  commit(files: Record<string, string>, branch?: string): Promise<string>;
  /** Writes files of the suite. */
  suite(files: Record<string, string>): Promise<void>;
  event(name: string, sha: string, payload?: object, ref?: string): WorkflowEvent;
  options(own?: Partial<RunnerOptions>): RunnerOptions;
  log: string[];
}

export async function testBed(): Promise<TestBed> {
  const folder = await temporaryFolder('image-cascade-test-');
  folders.push(folder);
  const root = folder.path;
  const env = { ...GIT, HOME: root };
  const bare = join(root, 'server/acme/image');
  const work = join(root, 'clone');
  const git = (...args: string[]) => runOk('git', args, { env });
  await git('init', '--quiet', '--bare', '--initial-branch=main', bare);
  await git('-C', bare, 'config', 'uploadpack.allowFilter', 'true');
  await git('init', '--quiet', '--initial-branch=main', work);
  await git('-C', work, 'config', 'user.name', 'Test');
  await git('-C', work, 'config', 'user.email', 'test@example.org');
  await mkdir(join(root, 'suite'));
  const log: string[] = [];
  return {
    root,
    log,
    async commit(files, branch = 'main') {
      await write(work, files);
      await git('-C', work, 'add', '--all');
      await git('-C', work, 'commit', '--quiet', '--allow-empty', '--message=change');
      await git('-C', work, 'push', '--quiet', '--force', bare, `HEAD:refs/heads/${branch}`);
      return (await git('-C', work, 'rev-parse', 'HEAD')).stdout.trim();
    },
    suite: (files) => write(join(root, 'suite'), files),
    event: (name, sha, payload = {}, ref = 'refs/heads/main') => ({
      name,
      repository: 'acme/image',
      ref,
      sha,
      payload,
    }),
    options: (own = {}) => ({
      serverUrl: `file://${root}/server`,
      apiUrl: 'http://127.0.0.1:1/api/v3',
      graphqlUrl: 'http://127.0.0.1:1/api/graphql',
      suite: join(root, 'suite'),
      suiteName: 'image-cascade/image-cascade',
      env: { PATH: process.env.PATH ?? '' },
      secrets: {},
      vars: {},
      createJobToken: () => 'token-of-the-job',
      log: (line) => log.push(line),
      ...own,
    }),
  };
}

/** Runs one workflow file on a push, and gives its run. */
export async function runOnPush(
  bed: TestBed,
  workflow: string,
  own: Partial<RunnerOptions> = {},
  files: Record<string, string> = {},
): Promise<WorkflowRun> {
  const sha = await bed.commit({ '.github/workflows/test.yml': workflow, ...files });
  return only(await runWorkflows(bed.event('push', sha), bed.options(own)));
}

/** The one element of a list. */
export function only<T>(list: readonly T[] | undefined): T {
  const [first, ...rest] = list ?? [];
  if (first === undefined || rest.length > 0) throw new Error(`expected one element, got ${list?.length}`);
  return first;
}

/** A step of the only job of a run. */
export function step(run: WorkflowRun, name: string): StepRun {
  const { steps } = only(run.jobs);
  const found = steps.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no step '${name}' among ${steps.map((candidate) => candidate.name)}`);
  return found;
}

/** Lines of a step's log that the step itself printed. */
export function printed(run: StepRun): string[] {
  const lines = run.log.split('\n');
  return lines.slice(lines.lastIndexOf('##[endgroup]') + 1);
}

async function write(folder: string, files: Record<string, string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}
