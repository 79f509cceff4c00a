import type { Artifacts } from './artifact.ts';
import type { Caches } from './cache.ts';
import type { Json, Scope } from './expressions.ts';
import { hashFilesFunction, type Status, statusFunctions } from './functions.ts';
import type { Masks } from './masks.ts';
import type { RunnerOptions, StepRun } from './types.ts';
import type { JobDefinition } from './workflow-file.ts';

/** Folders of a job, all below one that is removed at its end. */
export interface JobFolders {
  workspace: string;
  temp: string;
  tools: string;
  actions: string;
  home: string;
}

/** What changes and what is known while the steps of a job run. */
export interface JobState {
  definition: JobDefinition;
  options: RunnerOptions;
  caches: Caches;
  artifacts: Artifacts;
  folders: JobFolders;
  masks: Masks;
  /** `github` without what differs from step to step. */
  github: Record<string, Json>;
  runner: Record<string, Json>;
  /** Contexts that stay the same in this job: inputs, matrix, needs, secrets, strategy, vars. */
  fixed: Record<string, Json>;
  /** The `env` context: of the workflow, of the job, and what steps wrote to GITHUB_ENV. */
  env: Record<string, string>;
  /** What steps wrote to GITHUB_PATH, the latest first. */
  paths: string[];
  steps: Record<string, { outputs: Record<string, string>; outcome: string; conclusion: string }>;
  failed: boolean;
  /** Fires when the job is cancelled. */
  signal: AbortSignal;
  /** Fires when a cancelled job has had its time: whatever still runs ends. */
  hardSignal: AbortSignal;
  defaults: { shell?: string; workingDirectory?: string };
  posts: PostStep[];
  trackingId: string;
  onLine(step: string, line: string): void;
}

/** Work of an action at the end of the job. */
export interface PostStep {
  name: string;
  condition: string;
  run(): Promise<StepRun>;
}

export function statusOf(state: JobState): Status {
  if (state.signal.aborted) return 'cancelled';
  return state.failed ? 'failure' : 'success';
}

/** What an expression in a step sees. */
export function stepScope(
  state: JobState,
  own: { env?: Record<string, string>; github?: Record<string, Json> } = {},
): Scope {
  return {
    contexts: {
      ...state.fixed,
      github: { ...state.github, ...own.github },
      env: { ...state.env, ...own.env },
      job: { status: statusOf(state) },
      runner: state.runner,
      steps: state.steps,
    },
    functions: [
      ...statusFunctions({
        success: () => statusOf(state) === 'success',
        failure: () => statusOf(state) === 'failure',
        cancelled: () => statusOf(state) === 'cancelled',
      }),
      hashFilesFunction(state.folders.workspace),
    ],
  };
}
