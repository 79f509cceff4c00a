/** Runs at the end of the job: takes the images of this job out of the engine again. Build caches stay. */
import { detectEngine, removeImage } from '../engine/index.ts';
import { type ActionContext, currentEnvironment, findRecord, inputs, log } from '../runner/index.ts';

export async function run({ processes }: ActionContext): Promise<void> {
  const built = (await findRecord('build'))?.images.flatMap(({ image }) => image ?? []) ?? [];
  if (built.length === 0) return;
  const engine = await detectEngine(processes, currentEnvironment(), inputs.choice('engine', ['docker', 'podman']));
  for (const { reference } of built) {
    await removeImage(engine, reference);
    log.info(`removed ${reference}`);
  }
}
