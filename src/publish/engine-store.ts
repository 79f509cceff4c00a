/** The engine as publishing sees it. */
import {
  type Engine,
  inspectConfig,
  inspectImage,
  pushImage,
  removeImage,
  tagImage,
  withFileSystem,
} from '../engine/index.ts';
import type { Processes } from '../processes.ts';
import type { EngineStore } from './publish.ts';

/**
 * @param onLine hears the progress of a push
 * @param cleanup registers what has to be removed when the action is cancelled
 */
export function engineStore(
  engine: Engine,
  onLine: (line: string) => void,
  cleanup: (work: (processes: Processes) => Promise<void>) => void,
): EngineStore {
  return {
    id: async (reference) => (await inspectImage(engine, reference))?.id,
    config: ({ reference }) => inspectConfig(engine, reference),
    withFileSystem: ({ reference }, platform, use) => withFileSystem(engine, reference, use, platform, cleanup),
    async push({ reference }, target) {
      await tagImage(engine, reference, target);
      try {
        await pushImage(engine, target, onLine);
      } finally {
        await removeImage(engine, target);
      }
    },
  };
}
