/** Pods, played by Podman. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demand, type Engine, runEngine } from './engine.ts';
import { inspectImage } from './images.ts';

/**
 * Starts what a definition says. The caller removes it, also when this fails.
 * @param definition YAML with one pod, and the ConfigMaps, Secrets and claims that it needs
 */
export async function playPod(engine: Engine, definition: string, timeoutMs: number): Promise<void> {
  await demand(engine, 'the pod could not be started', ['kube', 'play', '-'], { input: definition, timeoutMs });
}

/** Removes a pod with its containers, and volumes and secrets by name. Those that are not there are fine. */
export async function removePod(
  engine: Engine,
  name: string,
  volumes: readonly string[],
  secrets: readonly string[],
): Promise<void> {
  await demand(engine, `removing pod ${name}`, ['pod', 'rm', '--force', '--ignore', '--time', '0', name]);
  for (const volume of volumes) await runEngine(engine, ['volume', 'rm', '--force', volume]);
  for (const secret of secrets) await runEngine(engine, ['secret', 'rm', secret]);
}

/** Brings an image from one engine's store into another's. */
export async function copyImage(from: Engine, reference: string, to: Engine): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'image-cascade-copy-'));
  try {
    const file = join(folder, 'image.tar');
    await demand(from, `saving ${reference}`, ['image', 'save', '--output', file, reference]);
    await demand(to, `loading ${reference}`, ['image', 'load', '--input', file]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if ((await inspectImage(to, reference)) === undefined)
    throw new Error(`${to.kind} does not have ${reference} after it was loaded`);
}
