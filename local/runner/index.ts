/** Runs the workflows of a repository on this machine, as GitHub would run them, and refuses what it cannot run. */
export { runWorkflows } from './run.ts';
export { createScheduler, type Scheduler } from './scheduler.ts';
export type {
  Annotation,
  Conclusion,
  JobRun,
  RunNotice,
  RunnerOptions,
  StepRun,
  WorkflowEvent,
  WorkflowRun,
} from './types.ts';
