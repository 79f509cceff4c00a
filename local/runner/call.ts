import { asString, evaluate, evaluateStrings, isObject, type Json, type Scope, toJson } from './expressions.ts';
import type { WorkflowEvent } from './types.ts';
import { type JobDefinition, literal, type Workflow } from './workflow-file.ts';

/**
 * The `inputs` context of a called workflow: what the job gives under `with:`, and defaults.
 * @throws Error when a value has not the type that the input declares
 */
export function callInputs(job: JobDefinition, callee: Workflow, scope: Scope): Record<string, Json> {
  const token = job.keys.get('with')?.value;
  const value = token === undefined ? {} : evaluate(token, scope);
  const given = new Map(Object.entries(isObject(value) ? value : {}).map(([key, item]) => [key.toLowerCase(), item]));
  const inputs: Record<string, Json> = {};
  for (const [name, input] of callee.call?.inputs ?? []) {
    const found = given.get(name.toLowerCase());
    if (found !== undefined) inputs[name] = typed(name, input.type, found);
    else if (input.default !== undefined) inputs[name] = typed(name, input.type, evaluate(input.default, scope));
    else inputs[name] = input.type === 'boolean' ? false : input.type === 'number' ? 0 : '';
  }
  return inputs;
}

/** The secrets of a called workflow: all with `inherit`, else those that the job gives. */
export function callSecrets(job: JobDefinition, secrets: Record<string, string>, scope: Scope): Record<string, string> {
  if (literal(job.keys, 'secrets') === 'inherit') return secrets;
  return evaluateStrings(job.keys.get('secrets')?.value, scope);
}

/** The `inputs` context of a run that somebody started by hand, and the same as text for `github.event.inputs`. */
export function dispatchInputs(
  workflow: Workflow,
  event: WorkflowEvent,
): { inputs: Record<string, Json>; problems: string[] } {
  const inputs: Record<string, Json> = {};
  const problems: string[] = [];
  if (event.name !== 'workflow_dispatch') return { inputs, problems };
  const given = toJson((event.payload as { inputs?: unknown }).inputs ?? {});
  const values = isObject(given) ? given : {};
  const declared = workflow.dispatchInputs;
  const problem = (why: string): number => problems.push(`${workflow.file}:1:1: ${why}`);
  for (const name of Object.keys(values)) {
    if (!declared.has(name)) problem(`there is no input '${name}'; leave it out`);
  }
  for (const [name, input] of declared) {
    const value = values[name];
    if (value === undefined && input.required && input.default === undefined) {
      problem(`the input '${name}' is required; give it a value`);
    }
    if (value !== undefined && input.options.length > 0 && !input.options.includes(String(value))) {
      problem(`'${value}' is no option of '${name}'; use ${input.options.join(', ')}`);
    }
    const preset = input.default === undefined ? null : evaluate(input.default, { contexts: {} });
    const found = value ?? preset ?? '';
    inputs[name] = input.type === 'boolean' ? String(found) === 'true' : found;
  }
  return { inputs, problems };
}

function typed(name: string, type: string, value: Json): Json {
  const expected = type === 'boolean' || type === 'number' ? type : 'string';
  if (expected === 'string' && !isObject(value) && !Array.isArray(value)) return asString(value);
  if (typeof value === expected) return value;
  throw new Error(`input '${name}' is ${JSON.stringify(value)}; it has to be a ${expected}`);
}
