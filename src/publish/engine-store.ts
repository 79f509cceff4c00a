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
import type { EngineStore } from './publish.ts';

/** @param onLine hears the progress of a push */
export function engineStore(engine: Engine, onLine: (line: string) => void): EngineStore {
  return {
    id: async (reference) => (await inspectImage(engine, reference))?.id,
    config: ({ reference }) => inspectConfig(engine, reference),
    withFileSystem: ({ reference }, platform, use) => withFileSystem(engine, reference, use, platform),
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
