/** The bundled action `rotate` on the repository with very many tags, as a runner starts it. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot, temporaryFolder } from '../processes/index.ts';
import type { Served } from './serve.ts';

export interface Rotated {
  readonly deleted: number;
  readonly seconds: number;
  /** Of processor time. */
  readonly cpuSeconds: number;
  /** The most memory that the process ever took. */
  readonly megabytes: number;
}

/** Loaded before the action, to tell what the process took. */
const meter = `data:text/javascript,${encodeURIComponent(`
  const { writeFileSync } = process.getBuiltinModule('node:fs');
  process.on('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    writeFileSync(process.env.METER, JSON.stringify([maxRSS / 1024, (userCPUTime + systemCPUTime) / 1e6]));
  });
`)}`;

/** @throws what the action says when it fails */
export async function rotateWithAction({ host, apiUrl, graphqlUrl, token }: Served): Promise<Rotated> {
  const root = projectRoot();
  const { path: folder } = await temporaryFolder('image-cascade-bench-rotate-');
  const path = (name: string): string => join(folder, name);
  await mkdir(path('docker/many'), { recursive: true });
  await writeFile(path('docker/many/Dockerfile.j2'), 'FROM scratch\n');
  await writeFile(path('images.yaml'), `registry: ${host}\nnamespace: acme\n`);
  await writeFile(path('output'), '');
  const env = {
    HOME: folder,
    PATH: process.env.PATH,
    METER: path('meter.json'),
    GITHUB_ACTIONS: 'true',
    GITHUB_API_URL: apiUrl,
    GITHUB_EVENT_NAME: 'schedule',
    GITHUB_GRAPHQL_URL: graphqlUrl,
    GITHUB_OUTPUT: path('output'),
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REPOSITORY: 'acme/images',
    GITHUB_SHA: '1'.repeat(40),
    GITHUB_STEP_SUMMARY: path('summary.md'),
    GITHUB_WORKSPACE: folder,
    RUNNER_TEMP: folder,
    'INPUT_MAX-SHARE': '100',
    INPUT_STORE: 'registry',
    'INPUT_TIMEOUT-MINUTES': '600',
    INPUT_TOKEN: token,
  };
  const began = performance.now();
  const action = join(process.env.DIST ?? join(root, 'dist'), 'rotate.js');
  // It writes a line for each deletion.
  await promisify(execFile)(process.execPath, ['--import', meter, action], { cwd: folder, env, maxBuffer: 1 << 28 });
  const seconds = (performance.now() - began) / 1000;
  const [megabytes = Number.NaN, cpuSeconds = Number.NaN]: number[] = JSON.parse(
    await readFile(path('meter.json'), 'utf8'),
  );
  const { deletions }: { deletions: { status: string }[] } = JSON.parse(
    await readFile(path('image-cascade/rotation.json'), 'utf8'),
  );
  return { deleted: deletions.filter(({ status }) => status === 'deleted').length, seconds, cpuSeconds, megabytes };
}
