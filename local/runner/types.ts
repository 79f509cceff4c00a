import type { Json } from './expressions.ts';
import type { Scheduler } from './scheduler.ts';

/** Something that happened in a repository and may start workflows. */
export interface WorkflowEvent {
  /** Name as in `on:` and GITHUB_EVENT_NAME, such as `push` or `repository_dispatch`. */
  name: string;
  /** `owner/name`. */
  repository: string;
  /** Full reference: `refs/heads/main`, `refs/tags/v1`, `refs/pull/7/merge`. */
  ref: string;
  /** The commit that workflows are read from and check out; of a pull request, its merge commit. */
  sha: string;
  /** The webhook payload, `github.event` in expressions. */
  payload: object;
}

export interface RunnerOptions {
  /** GITHUB_SERVER_URL: repositories are fetched from `<serverUrl>/<owner>/<name>`; a `file://` folder works too. */
  serverUrl: string;
  apiUrl: string;
  graphqlUrl: string;
  /** Folder of the checkout that `uses: <suiteName>/…@<any ref>` resolves to. */
  suite: string;
  /** `owner/name` of the suite. */
  suiteName: string;
  /** What the processes of a job find in their environment besides the runner's own variables (PATH at least). */
  env: Record<string, string>;
  secrets: Record<string, string>;
  vars: Record<string, string>;
  /** Gives the GITHUB_TOKEN of one job; `readOnly` for pull requests from forks. */
  createJobToken(repository: string, scope: { readOnly: boolean }): string;
  /** Hears one line for each run and job that starts or ends. */
  log(line: string): void;
  /** Cancels the runs as a person would. */
  signal?: AbortSignal;
  /** Hears every line of every step's log, masked, as it comes. */
  onStepLog?(line: { run: number; job: string; step: string; text: string }): void;
  /** Hears of every run when it is queued, when it starts and when it ends. */
  onRun?(run: RunNotice): void;
  /** Shared by events that may meet in one concurrency group; by default an event meets only itself. */
  scheduler?: Scheduler;
}

export type Conclusion = 'success' | 'failure' | 'cancelled' | 'skipped';

export interface RunNotice {
  id: number;
  repository: string;
  workflow: string;
  event: string;
  sha: string;
  ref: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion?: Conclusion;
}

export interface WorkflowRun {
  id: number;
  repository: string;
  event: string;
  /** Path in the repository. */
  workflow: string;
  name: string;
  conclusion: Conclusion;
  /** Why nothing of it was run: `file:line:column: problem; what to do`. */
  errors: string[];
  jobs: JobRun[];
}

export interface JobRun {
  /** As GitHub shows it: `job`, `job (matrix, values)`, `caller / called`. */
  name: string;
  conclusion: Conclusion;
  outputs: Record<string, string>;
  steps: StepRun[];
}

export interface StepRun {
  name: string;
  /** After `continue-on-error`. */
  conclusion: Conclusion;
  /** Before `continue-on-error`. */
  outcome: Conclusion;
  outputs: Record<string, string>;
  /** Markdown of the step's part of the job summary. */
  summary: string;
  annotations: Annotation[];
  /** Both streams, masked. */
  log: string;
  durationMs: number;
}

export interface Annotation {
  level: 'error' | 'warning' | 'notice';
  file?: string;
  line?: number;
  endLine?: number;
  col?: number;
  endColumn?: number;
  title?: string;
  message: string;
}

export type Contexts = Record<string, Json>;
