import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readAction } from './action-file.ts';
import { parseActionReference } from './actions.ts';
import { DOWNLOAD_INPUTS, UPLOAD_INPUTS } from './artifact.ts';
import { CACHE_INPUTS } from './cache.ts';
import { CHECKOUT_INPUTS } from './checkout.ts';
import { isSupportedLabel } from './job.ts';
import type { Sources } from './load-workflow.ts';
import { type Entry, entries, literal, type StepDefinition, type Workflow } from './workflow-file.ts';

/** Keys of a job that this runner does not act on, with what to do instead. */
const UNSUPPORTED_JOB_KEYS: Record<string, string> = {
  container: 'run the job on the machine itself',
  services: 'start what is needed in a step',
  environment: 'remove it',
  snapshot: 'remove it',
  'cancel-timeout-minutes': 'remove it',
};

/** Inputs of the actions that the runner does itself. */
const KNOWN_INPUTS = {
  checkout: CHECKOUT_INPUTS,
  cache: CACHE_INPUTS,
  'upload-artifact': UPLOAD_INPUTS,
  'download-artifact': DOWNLOAD_INPUTS,
} as const;

/** Kinds of steps that GitHub knows besides `run` and `uses`, and keys that change how a step runs. */
const UNSUPPORTED_STEP_KEYS = ['background', 'wait', 'wait-all', 'cancel', 'parallel'];

/** Everything in a workflow that this runner would have to ignore, each `file:line:column: …`. */
export async function refusalsOf(workflow: Workflow, sources: Sources): Promise<string[]> {
  const problems: string[] = [];
  const refuse = (at: { line: number; column: number }, what: string, advice: string): void => {
    problems.push(`${workflow.file}:${at.line}:${at.column}: ${what}; ${advice}`);
  };
  const checkShared = (keys: Map<string, Entry>): void => {
    const queue = entries(keys.get('concurrency')?.value).get('queue');
    if (queue !== undefined) refuse(queue, "'concurrency.queue' is not supported", 'remove it');
    checkShell(entries(entries(keys.get('defaults')?.value).get('run')?.value));
  };
  const checkShell = (keys: Map<string, Entry>): void => {
    const shell = literal(keys, 'shell');
    const entry = keys.get('shell');
    if (shell === undefined || entry === undefined || shell === 'bash' || shell === 'sh') return;
    refuse(entry, `shell '${shell}' is not supported`, 'use bash or sh');
  };

  checkShared(workflow.keys);
  for (const job of workflow.jobs) {
    checkShared(job.keys);
    for (const [key, advice] of Object.entries(UNSUPPORTED_JOB_KEYS)) {
      const entry = job.keys.get(key);
      if (entry !== undefined) refuse(entry, `'${key}' of a job is not supported`, advice);
    }
    const label = literal(job.keys, 'runs-on');
    const runsOn = job.keys.get('runs-on');
    if (label !== undefined && runsOn !== undefined && !isSupportedLabel(label)) {
      refuse(runsOn, `there is no machine '${label}' here`, 'use ubuntu-latest');
    }
    for (const step of job.steps) {
      checkShell(step.keys);
      for (const key of UNSUPPORTED_STEP_KEYS) {
        const entry = step.keys.get(key);
        if (entry !== undefined) refuse(entry, `'${key}' of a step is not supported`, 'use plain steps');
      }
      problems.push(...(await actionProblems(workflow.file, step, sources)));
    }
  }
  return problems;
}

async function actionProblems(file: string, step: StepDefinition, sources: Sources): Promise<string[]> {
  const uses = literal(step.keys, 'uses');
  const entry = step.keys.get('uses');
  if (uses === undefined || entry === undefined) return [];
  const at = `${file}:${entry.line}:${entry.column}`;
  const reference = parseActionReference(uses, sources.suiteName);
  switch (reference.kind) {
    case 'unsupported':
      return [`${at}: ${uses}: ${reference.why} is not supported; use actions of ${sources.suiteName}, or a script`];
    case 'app-token':
      // Workflows have it for a GitHub with Apps; where it does run, that fails.
      return [];
    case 'checkout':
    case 'cache':
    case 'upload-artifact':
    case 'download-artifact': {
      const known = KNOWN_INPUTS[reference.kind];
      return [...entries(step.keys.get('with')?.value)]
        .filter(([name]) => !(name in known))
        .map(
          ([name, { line, column }]) =>
            `${file}:${line}:${column}: input '${name}' of actions/${reference.kind} is not supported; remove it`,
        );
    }
    case 'suite':
      return definitionProblems(at, uses, (name) =>
        readFile(join(sources.suite, reference.path, name), 'utf8').catch(() => undefined),
      );
    case 'local': {
      const folder = reference.path.replace(/^\.\/|\/$/g, '');
      const read = (name: string): Promise<string | undefined> =>
        sources.read(folder === '' ? name : `${folder}/${name}`);
      // It may come into being while the job runs: a missing one is an error then.
      if ((await read('action.yml')) === undefined && (await read('action.yaml')) === undefined) return [];
      return definitionProblems(at, uses, read);
    }
  }
}

async function definitionProblems(
  at: string,
  uses: string,
  read: (name: string) => Promise<string | undefined>,
): Promise<string[]> {
  for (const name of ['action.yml', 'action.yaml']) {
    const content = await read(name);
    if (content === undefined) continue;
    return readAction(`${uses}/${name}`, content).problems.map((problem) => `${at}: ${problem}`);
  }
  return [`${at}: ${uses} has no action.yml; correct the path`];
}
