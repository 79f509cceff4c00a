/** The engine as publishing sees it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Engine,
  inspectConfig,
  inspectImage,
  pushImage,
  removeImage,
  tagImage,
  withFileSystem,
  withSavedImage,
} from '../engine/index.ts';
import { fail } from '../problems.ts';
import type { Registry } from '../registry/types.ts';
import type { ActionContext } from '../runner/index.ts';
import type { EngineStore } from './publish.ts';
import { unpackLayout, uploadLayout } from './upload.ts';

/**
 * @param cleanup registers what is undone when the action is cancelled
 * @param onLine hears the progress of a push
 */
export function engineStore(
  engine: Engine,
  registry: Registry,
  cleanup: ActionContext['cleanup'],
  onLine: (line: string) => void,
): EngineStore {
  return {
    id: async (reference) => (await inspectImage(engine, reference))?.id,
    config: ({ reference }) => inspectConfig(engine, reference),
    withFileSystem: ({ reference }, platform, use) => withFileSystem(engine, reference, use, platform, cleanup),
    async push({ reference, id }, repository, tag) {
      // With the containerd store, the id is the digest to publish, and what is saved are the bytes it is of.
      if (engine.store === 'containerd') {
        const folder = await mkdtemp(join(tmpdir(), 'image-cascade-push-'));
        const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
        cleanup(remove);
        try {
          await withSavedImage(engine, reference, (archive) => unpackLayout(archive, folder));
          await uploadLayout(folder, id, repository, registry);
          return id;
        } finally {
          await remove();
        }
      }
      const target = `${repository}:${tag}`;
      await tagImage(engine, reference, target);
      try {
        await pushImage(engine, target, onLine);
      } finally {
        await removeImage(engine, target);
      }
      const pushed = await registry.head(repository, tag);
      return (
        pushed?.digest ?? fail(`${target} is not in the registry after it was pushed`, { hint: 'run the job again' })
      );
    },
  };
}
