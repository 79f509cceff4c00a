/**
 * `npm run bench:start`: how long the actions take to start, compared with Node.js alone: medians of alternating runs.
 *
 * `render` is measured to its end, on a repository with one small template. The first step of a job finds an empty
 * compile cache and fills it; those after it find what it loaded. It is measured with a registry on this machine, and
 * with nothing to ask of it (`FROM scratch`, and `force`). The others are measured to their first request or command,
 * with the cache that `render` left them.
 *
 * The goal of `render` is for a full cache and leaves the registry's answers aside: without a cache, its libraries alone
 * take longer to load.
 *
 * Prints figures and says which goals they miss; it judges nothing, since machines are noisy.
 */

import { spawn } from 'node:child_process';
import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { median } from './median.ts';
import { freePort, main, onExit, projectRoot, runOk, temporaryFolder } from './processes/index.ts';
import { putMinimalImage } from './registry/minimal-image.ts';
import { startRegistryStandIn } from './registry/stand-in.ts';

const rounds = Number(process.env.ROUNDS ?? 25);

interface Subject {
  readonly name: string;
  /** The goal, where there is one: at most this many times the median of Node.js alone. */
  readonly goal?: number;
  /** Not measured. */
  prepare?(): Promise<void>;
  run(): Promise<void>;
}

await main(async () => {
  const root = projectRoot();
  const node = join(root, 'node_modules', 'node', 'bin', 'node');
  const { path: folder } = await temporaryFolder('image-cascade-bench-');
  const workspace = join(folder, 'workspace');
  const scratch = join(folder, 'scratch');
  const registry = await startRegistryStandIn({});
  onExit(() => registry.stop());
  await putMinimalImage(registry.host, 'library/debian', 'bookworm-slim');

  // The process that is measured ends itself with its first command …
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'docker'), '#!/bin/sh\nkill -KILL "$PPID"\n');
  await chmod(join(bin, 'docker'), 0o755);
  // … or is ended by the first request that arrives.
  let measured: ReturnType<typeof spawn> | undefined;
  const port = await freePort();
  const api = createServer(() => measured?.kill('SIGKILL')).listen(port, '127.0.0.1');
  onExit(() => new Promise((resolve) => api.close(resolve)));

  const commit = await makeWorkspace(workspace, registry.host, `${registry.host}/library/debian:bookworm-slim`);
  await makeWorkspace(scratch, registry.host, 'scratch');
  const event = join(folder, 'event.json');
  await writeFile(event, JSON.stringify({ repository: { default_branch: 'main' } }));
  const [output, summary] = [join(folder, 'output'), join(folder, 'summary.md')];
  await writeFile(output, '');

  const environment = (temp: string, inputs: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
    HOME: folder,
    PATH: `${bin}:${process.env.PATH}`,
    GITHUB_ACTIONS: 'true',
    GITHUB_API_URL: `http://127.0.0.1:${port}`,
    GITHUB_GRAPHQL_URL: `http://127.0.0.1:${port}/graphql`,
    GITHUB_EVENT_NAME: 'push',
    GITHUB_EVENT_PATH: event,
    GITHUB_OUTPUT: output,
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REPOSITORY: 'acme/images',
    GITHUB_SHA: commit,
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: temp,
    ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
  });
  const start = (args: readonly string[], env: NodeJS.ProcessEnv, expected: 'end' | 'contact'): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = spawn(node, args, { cwd: workspace, env, stdio: ['ignore', 'pipe', 'pipe'] });
      measured = child;
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text) => (output += text));
      child.on('close', (status, signal) => {
        const right = expected === 'end' ? status === 0 : signal === 'SIGKILL';
        if (right) resolve();
        else reject(new Error(`${args.join(' ')} ended with ${signal ?? status}:\n${output}`));
      });
    });

  /** Each run of `render` finds this as a new job would; the compile cache may be in it. */
  const job = join(folder, 'job');
  const warm = join(folder, 'warm');
  const dist = (action: string): string => join(process.env.DIST ?? join(root, 'dist'), `${action}.js`);
  await mkdir(warm);
  await start([dist('render')], environment(warm), 'end');
  const run = join(warm, 'image-cascade');
  const contact = (action: string, inputs: Readonly<Record<string, string>> = {}): Subject => ({
    name: `${action}${inputs.phase === undefined ? '' : ` (${inputs.phase})`}, to its first contact`,
    goal: 3,
    run: () => start([dist(action)], environment(warm, inputs), 'contact'),
  });
  const compileCache = join('image-cascade', 'compile-cache');
  const render = (name: string, cache: 'empty' | 'full', repository: string): Subject => ({
    name: `${name}, cache ${cache}`,
    ...(cache === 'full' && repository === scratch ? { goal: 2.5 } : {}),
    prepare: async () => {
      await rm(job, { recursive: true, force: true });
      await mkdir(job);
      if (cache === 'full') await cp(join(full, compileCache), join(job, compileCache), { recursive: true });
    },
    run: () => start([dist('render')], environmentOf(job, repository), 'end'),
  });
  const environmentOf = (temp: string, repository: string): NodeJS.ProcessEnv => ({
    ...environment(temp, repository === scratch ? { force: 'true' } : {}),
    GITHUB_WORKSPACE: repository,
  });
  await leaveRecords(run);
  // The cache that stays full is no other's: the steps that end at their first contact leave nothing in it.
  const full = join(folder, 'full');
  await mkdir(full);
  for (const repository of [workspace, scratch, workspace, scratch])
    await start([dist('render')], environmentOf(full, repository), 'end');

  const subjects: readonly Subject[] = [
    render('render, whole process', 'empty', workspace),
    render('render, whole process', 'full', workspace),
    render('render, nothing to ask the registry', 'empty', scratch),
    render('render, nothing to ask the registry', 'full', scratch),
    contact('build'),
    contact('test', { phase: 'integration' }),
    contact('push'),
    contact('dependency-dispatch', { token: 'x', fleet: 'acme/images', 'event-type': 'image-cascade' }),
  ];
  const nothing = (): Promise<void> => start(['-e', '0'], environment(warm), 'end');

  const times = new Map<string, number[]>([['', []], ...subjects.map(({ name }) => [name, []] as [string, number[]])]);
  for (let round = -2; round < rounds; round++) {
    await measure('', nothing);
    for (const { name, prepare, run: body } of subjects) {
      await prepare?.();
      await measure(name, body);
    }
    async function measure(name: string, body: () => Promise<void>): Promise<void> {
      const before = performance.now();
      await body();
      // The first rounds fill the file system's cache.
      if (round >= 0) times.get(name)?.push(performance.now() - before);
    }
  }

  const base = median(times.get('') ?? []);
  console.log(`node -e 0: ${base.toFixed(1)} ms (median of ${rounds} alternating runs)`);
  for (const { name, goal } of subjects) {
    const own = median(times.get(name) ?? []);
    const ratio = own / base;
    const verdict = goal === undefined ? '' : `, ${ratio > goal ? 'misses' : 'within'} the goal of ${goal}`;
    console.log(`${name}: ${own.toFixed(1)} ms, ${ratio.toFixed(2)} times${verdict}`);
  }
});

/** @returns the commit */
async function makeWorkspace(folder: string, host: string, base: string): Promise<string> {
  await mkdir(join(folder, 'docker', 'web'), { recursive: true });
  await writeFile(join(folder, 'images.yaml'), `registry: ${host}\nnamespace: acme\n`);
  await writeFile(join(folder, 'docker', 'web', 'Dockerfile.j2'), `FROM ${base}\nLABEL space={{ namespace }}\n`);
  await writeFile(join(folder, 'docker', 'web', 'tests.yaml'), 'up:\n  port: 80\nchecks:\n  - port: 80\n');
  const author = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com'];
  await runOk('git', ['init', '--quiet', '--initial-branch=main'], { cwd: folder });
  await runOk('git', ['add', '--all'], { cwd: folder });
  await runOk('git', [...author, 'commit', '--quiet', '--message', 'Add web'], { cwd: folder });
  return (await runOk('git', ['rev-parse', 'HEAD'], { cwd: folder })).stdout.trim();
}

/** What build and test would have left, so that the steps after them get as far as their first contact. */
async function leaveRecords(run: string): Promise<void> {
  const { images }: { images: { name: string }[] } = JSON.parse(await readFile(join(run, 'render.json'), 'utf8'));
  const id = `sha256:${'0'.repeat(64)}`;
  const built = images.map(({ name }) => ({
    name,
    status: 'built',
    reason: 'never built',
    image: { reference: 'image-cascade.local/web', id },
  }));
  const tested = images.map(({ name }) => ({ name, status: 'passed', reason: 'passed', id, checks: [] }));
  await writeFile(join(run, 'build.json'), JSON.stringify({ images: built }));
  await writeFile(join(run, 'integration.json'), JSON.stringify({ images: tested }));
  await writeFile(join(run, 'push.json'), JSON.stringify({ images: [] }));
}
