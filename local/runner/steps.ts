import { join } from 'node:path';
import { loadAction, parseActionReference } from './actions.ts';
import { downloadArtifact, uploadArtifact } from './artifact.ts';
import { runCache } from './cache.ts';
import { checkout } from './checkout.ts';
import { asString, evaluate, evaluateExpression, evaluateStrings, isTruthy, type Json } from './expressions.ts';
import { type JobState, stepScope } from './job-state.ts';
import { fail, type RunningStep, runRecorded } from './step-record.ts';
import type { StepRun } from './types.ts';
import { literal, type StepDefinition } from './workflow-file.ts';

/** Runs one step of a job, or skips it, and puts down what follows from it for the steps after it. */
export async function runStep(state: JobState, step: StepDefinition): Promise<StepRun> {
  const display = stepName(state, step);
  const result = await runRecorded(
    state,
    { id: step.id, name: display, condition: step.condition },
    async (running) => {
      const env = evaluateStrings(step.keys.get('env')?.value, stepScope(state));
      running.env = env;
      const timeout = step.keys.get('timeout-minutes');
      if (timeout !== undefined) running.timeoutAfter(Number(evaluate(timeout.value, stepScope(state, { env }))));
      const tolerant = step.keys.get('continue-on-error');
      if (tolerant !== undefined) running.tolerant = isTruthy(evaluate(tolerant.value, stepScope(state, { env })));
      if (step.keys.has('run')) await runScript(state, step, running);
      else await runAction(state, step, running);
    },
  );
  if (!step.id.startsWith('__')) {
    const { outputs, outcome, conclusion } = result;
    state.steps[step.id] = { outputs, outcome, conclusion };
  }
  return result;
}

function stepName(state: JobState, step: StepDefinition): string {
  const name = step.keys.get('name')?.value;
  try {
    if (name !== undefined) return asString(evaluate(name, stepScope(state)));
    const run = step.keys.get('run')?.value;
    if (run !== undefined)
      return `Run ${
        asString(evaluate(run, stepScope(state)))
          .trim()
          .split('\n')[0]
      }`;
  } catch {
    // A name that cannot be computed is shown as it is written.
  }
  return name?.assertScalar('name').toDisplayString() ?? `Run ${literal(step.keys, 'uses') ?? 'a script'}`;
}

async function runScript(state: JobState, step: StepDefinition, running: RunningStep): Promise<void> {
  const scope = stepScope(state, { env: running.env });
  const text = (key: string): string | undefined => {
    const value = step.keys.get(key)?.value;
    return value === undefined ? undefined : asString(evaluate(value, scope));
  };
  const script = text('run') ?? '';
  const shell = text('shell') ?? state.defaults.shell;
  const directory = text('working-directory') ?? state.defaults.workingDirectory;
  const command = shellCommand(shell);
  const file = await running.writeScript(script);
  running.show(`##[group]Run ${script.trim().split('\n')[0]}`);
  for (const line of script.trimEnd().split('\n')) running.show(line);
  running.show(`shell: ${command.join(' ')} {0}`);
  running.show('##[endgroup]');
  const status = await running.process('bash', [...command.slice(1), file], {
    command: command[0] ?? 'bash',
    cwd: join(state.folders.workspace, directory ?? '.'),
    github: {},
    variables: {},
  });
  if (status !== 0) running.fail(`Process completed with exit code ${status}.`);
}

/** The command that the runner makes of a `shell:`, without the script. */
export function shellCommand(shell: string | undefined): string[] {
  if (shell === undefined) return ['bash', '-e'];
  if (shell === 'bash') return ['bash', '--noprofile', '--norc', '-e', '-o', 'pipefail'];
  if (shell === 'sh') return ['sh', '-e'];
  return fail(`shell '${shell}' is not supported; use bash or sh`);
}

async function runAction(state: JobState, step: StepDefinition, running: RunningStep): Promise<void> {
  const uses = literal(step.keys, 'uses') ?? '';
  const reference = parseActionReference(uses, state.options.suiteName);
  const given = evaluateStrings(step.keys.get('with')?.value, stepScope(state, { env: running.env }));
  running.show(`##[group]Run ${uses}`);
  for (const [name, value] of Object.entries(given)) running.show(`  ${name}: ${value}`);
  running.show('##[endgroup]');
  switch (reference.kind) {
    case 'checkout':
      return runCheckout(state, running, given);
    case 'cache':
      return runCacheStep(state, running, given);
    case 'upload-artifact':
    case 'download-artifact':
      return runArtifactStep(state, running, reference.kind, given);
    case 'local': {
      const path = reference.path.replace(/\/$/, '');
      return runNodeAction(state, running, given, {
        folder: join(state.folders.workspace, path),
        shown: path,
        github: { action_repository: '', action_ref: '' },
      });
    }
    case 'suite': {
      const { path, ref } = reference;
      return runNodeAction(state, running, given, {
        folder: join(await running.suiteCopy(ref), path),
        shown: `${state.options.suiteName}/${path}`,
        github: { action_repository: state.options.suiteName, action_ref: ref },
      });
    }
    case 'app-token':
      return fail(`${uses}: there is no GitHub App here; give the workflow a token instead`);
    case 'unsupported':
      fail(`${uses}: ${reference.why} is not supported`);
  }
}

async function runCheckout(state: JobState, running: RunningStep, given: Record<string, string>): Promise<void> {
  const { github, folders, options } = state;
  const { outputs, post } = await checkout({
    inputs: given,
    workspace: folders.workspace,
    temp: folders.temp,
    serverUrl: options.serverUrl,
    repository: String(github.repository),
    ref: String(github.ref),
    sha: String(github.sha),
    token: String(github.token),
    env: { ...options.env, HOME: folders.home },
    onLine: running.show,
  });
  Object.assign(running.outputs, outputs);
  state.posts.push({
    name: `Post ${running.name}`,
    condition: 'always()',
    run: () =>
      runRecorded(state, { id: running.id, name: `Post ${running.name}`, condition: 'always()' }, (later) =>
        post(later.show),
      ),
  });
}

async function runCacheStep(state: JobState, running: RunningStep, given: Record<string, string>): Promise<void> {
  const { caches, github, folders } = state;
  const { outputs, post } = await runCache(caches, {
    repository: String(github.repository),
    inputs: given,
    workspace: folders.workspace,
    onLine: running.show,
  });
  Object.assign(running.outputs, outputs);
  const later = { id: running.id, name: `Post ${running.name}`, condition: 'success()' };
  state.posts.push({
    name: later.name,
    condition: later.condition,
    run: () => runRecorded(state, later, (step) => post(step.show)),
  });
}

async function runArtifactStep(
  { artifacts, github, folders }: JobState,
  running: RunningStep,
  kind: 'upload-artifact' | 'download-artifact',
  given: Record<string, string>,
): Promise<void> {
  const act = kind === 'upload-artifact' ? uploadArtifact : downloadArtifact;
  await act(artifacts, {
    repository: String(github.repository),
    run: String(github.run_id),
    inputs: given,
    workspace: folders.workspace,
    onLine: running.show,
  });
}

async function runNodeAction(
  state: JobState,
  running: RunningStep,
  given: Record<string, string>,
  source: { folder: string; shown: string; github: Record<string, Json> },
): Promise<void> {
  const action = await loadAction(source.folder, source.shown);
  const scope = stepScope(state, { env: running.env, github: source.github });
  const variables: Record<string, string> = {};
  for (const [name, preset] of action.inputs) {
    variables[inputVariable(name)] = preset === undefined ? '' : asString(evaluate(preset, scope));
  }
  const known = [...action.inputs.keys()].map((name) => name.toLowerCase());
  const unexpected = Object.keys(given).filter((name) => !known.includes(name.toLowerCase()));
  if (unexpected.length > 0) {
    const list = (names: string[]): string => names.map((name) => `'${name}'`).join(', ');
    running.annotate(
      'warning',
      `Unexpected input(s) ${list(unexpected)}, valid inputs are [${list([...action.inputs.keys()])}]`,
    );
  }
  for (const [name, value] of Object.entries(given)) variables[inputVariable(name)] = value;

  const start = (which: RunningStep, script: string, saved: Record<string, string>): Promise<number> =>
    which.process('node', [join(source.folder, script)], {
      command: process.execPath,
      cwd: state.folders.workspace,
      github: source.github,
      variables: { ...variables, ...saved },
    });
  const { post, postIf } = action;
  if (post !== undefined) {
    const name = `Post ${running.name}`;
    const step = { id: running.id, name, condition: postIf };
    state.posts.push({
      name,
      condition: postIf,
      run: () =>
        runRecorded(state, step, async (later) => {
          later.env = running.env;
          const saved = Object.entries(running.state).map(([key, value]) => [`STATE_${key}`, value]);
          const status = await start(later, post, Object.fromEntries(saved));
          if (status !== 0) later.failed = true;
        }),
    });
  }
  const status = await start(running, action.main, {});
  if (status !== 0) running.failed = true;
}

/** Name of the variable that carries an input, as the runner makes it. */
function inputVariable(name: string): string {
  return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;
}

/** Runs the post steps of a job, the last action's first. */
export async function runPostSteps(state: JobState): Promise<StepRun[]> {
  const runs: StepRun[] = [];
  for (let post = state.posts.pop(); post !== undefined; post = state.posts.pop()) runs.push(await post.run());
  return runs;
}

/** Whether a step of this condition runs, as things stand. */
export function conditionHolds(state: JobState, condition: string, env: Record<string, string> = {}): boolean {
  return isTruthy(evaluateExpression(condition, stepScope(state, { env })));
}
