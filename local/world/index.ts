/** The example fleet on this machine, for the demo and the end-to-end tests. */

export type { Change, WorkTrees } from './work-trees.ts';
export {
  applicationRepository,
  type Execute,
  type Execution,
  type FinishedRun,
  imageRepositories,
  owner,
  startWorld,
  suiteName,
  type World,
  type WorldOptions,
} from './world.ts';
