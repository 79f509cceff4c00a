/** How an image of the engine gets to the nodes of a cluster: every kind of cluster has a command of its own for it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fail } from '../problems.ts';
import type { Cluster } from './cluster.ts';
import { demand, type Engine } from './engine.ts';
import { explainFailure } from './failures.ts';
import { handedOn } from './job-environment.ts';

/** Loading may take as long as copying a large image to several nodes. */
const loadMs = 600_000;

/**
 * The command for clusters that are known by the names of their contexts, as those that make them give them;
 * `[]` where the nodes have the engine's own images, `undefined` for any other. `{archive}` stands for the file. Pure.
 */
export function loadCommand(context: string): readonly string[] | undefined {
  if (/^docker-(?:desktop|for-desktop)$/.test(context)) return [];
  if (context === 'minikube') return ['minikube', 'image', 'load', '{archive}'];
  const [, kind] = /^kind-(.+)$/.exec(context) ?? [];
  if (kind !== undefined) return ['kind', 'load', 'image-archive', '{archive}', '--name', kind];
  const [, k3d] = /^k3d-(.+)$/.exec(context) ?? [];
  if (k3d !== undefined) return ['k3d', 'image', 'import', '{archive}', '--cluster', k3d];
  return undefined;
}

/**
 * Brings an image of an engine to the nodes of a cluster.
 * @param command with `{archive}` for the path of an archive as `docker save` writes it, and `{image}` for the reference
 * @throws ProblemsError with the command's own last words
 */
export async function loadIntoCluster(
  engine: Engine,
  reference: string,
  { processes, env }: Cluster,
  command: readonly string[],
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'image-cascade-load-'));
  try {
    const archive = join(folder, 'image.tar');
    if (command.some((word) => word.includes('{archive}')))
      await demand(engine, `saving ${reference}`, ['image', 'save', '--output', archive, reference]);
    const [name = '', ...args] = command.map((word) =>
      word.replaceAll('{archive}', () => archive).replaceAll('{image}', () => reference),
    );
    const options = { env: Object.fromEntries(handedOn(env)), timeoutMs: loadMs };
    const { status, stderr } = await processes.run(name, args, options);
    if (status === 127) fail(`loading ${reference} into the cluster: ${name} is not installed`);
    if (status !== 0)
      fail(`loading ${reference} into the cluster with ${name}: ${explainFailure(stderr, status).message}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
