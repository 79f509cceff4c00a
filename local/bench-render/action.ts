/** The whole `render` action on a repository, with a registry on this machine, as a job starts it. */
import { spawn } from 'node:child_process';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runOk } from '../processes/index.ts';
import { sharedFolder, sharedVariables } from './tree.ts';

export interface Action {
  /** Milliseconds from the start of the process to its end. */
  run(cache: 'empty' | 'full'): Promise<number>;
}

/**
 * @param workspace the repository; gets its images.yaml and is committed
 * @param folder for the files of the runs
 * @param script the action's bundle
 */
export async function renderAction(
  node: string,
  script: string,
  workspace: string,
  folder: string,
  host: string,
  base: string,
): Promise<Action> {
  const vars = { ...sharedVariables(), base_image: base, debug: true, run_tests: false };
  const settings = { registry: host, namespace: 'acme', templates: [sharedFolder], vars };
  await writeFile(join(workspace, 'images.yaml'), JSON.stringify(settings, undefined, 2));
  const author = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com'];
  await runOk('git', ['init', '--quiet', '--initial-branch=main'], { cwd: workspace });
  await runOk('git', ['add', '--all'], { cwd: workspace });
  await runOk('git', [...author, 'commit', '--quiet', '--message', 'Add images'], { cwd: workspace });
  const commit = (await runOk('git', ['rev-parse', 'HEAD'], { cwd: workspace })).stdout.trim();
  const files = { event: join(folder, 'event.json'), output: join(folder, 'output'), summary: join(folder, 'summary') };
  await writeFile(files.event, JSON.stringify({ repository: { default_branch: 'main' } }));
  await writeFile(files.output, '');
  const job = join(folder, 'job');
  const cache = join(folder, 'compile-cache');
  const used = join(job, 'image-cascade', 'compile-cache');

  const start = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const began = performance.now();
      const child = spawn(node, [script], {
        cwd: workspace,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          HOME: folder,
          PATH: process.env.PATH,
          GITHUB_ACTIONS: 'true',
          GITHUB_EVENT_NAME: 'push',
          GITHUB_EVENT_PATH: files.event,
          GITHUB_OUTPUT: files.output,
          GITHUB_STEP_SUMMARY: files.summary,
          GITHUB_REF: 'refs/heads/main',
          GITHUB_REPOSITORY: 'acme/images',
          GITHUB_SHA: commit,
          GITHUB_WORKSPACE: workspace,
          RUNNER_TEMP: job,
        },
      });
      let said = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text) => (said += text));
      child.on('error', reject);
      child.on('close', (status) => {
        if (status === 0) resolve(performance.now() - began);
        else reject(new Error(`render ended with ${status}:\n${said.slice(-4000)}`));
      });
    });
  const prepare = async (wanted: 'empty' | 'full'): Promise<void> => {
    await rm(job, { recursive: true, force: true });
    await mkdir(job);
    if (wanted === 'full') await cp(cache, used, { recursive: true });
  };

  await prepare('empty');
  await start();
  await cp(used, cache, { recursive: true });
  return {
    run: async (wanted) => {
      await prepare(wanted);
      return start();
    },
  };
}
