import { isScalar } from '@actions/workflow-parser';
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token';
import { evaluate, evaluateStrings, isObject, isTruthy, type Json, type Scope, toJson } from './expressions.ts';
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
  for (const [name, input] of Object.entries(callee.events.workflow_call?.inputs ?? {})) {
    const type: string = input.type;
    const preset = input.default;
    const found = given.get(name.toLowerCase());
    if (found !== undefined) inputs[name] = typed(name, type, found);
    else if (preset === undefined) inputs[name] = type === 'boolean' ? false : type === 'number' ? 0 : '';
    else inputs[name] = isToken(preset) ? evaluate(preset, { contexts: scope.contexts }) : (preset as Json);
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
  const declared = workflow.events.workflow_dispatch?.inputs ?? {};
  for (const name of Object.keys(values)) {
    if (!(name in declared)) problems.push(`${workflow.file}:1:1: there is no input '${name}'; leave it out`);
  }
  for (const [name, input] of Object.entries(declared)) {
    const value = values[name];
    if (value === undefined && input.required === true && input.default === undefined) {
      problems.push(`${workflow.file}:1:1: the input '${name}' is required; give it a value`);
    }
    const type: string = input.type;
    const text = value ?? input.default ?? (type === 'boolean' ? false : '');
    inputs[name] = type === 'boolean' ? text === true || text === 'true' : text;
    if (input.options !== undefined && value !== undefined && !input.options.includes(String(value))) {
      problems.push(`${workflow.file}:1:1: '${value}' is no option of '${name}'; use ${input.options.join(', ')}`);
    }
  }
  return { inputs, problems };
}

function typed(name: string, type: string, value: Json): Json {
  if (type === 'boolean' && typeof value !== 'boolean') {
    throw new Error(`input '${name}' is ${JSON.stringify(value)}; write true or false`);
  }
  if (type === 'number' && typeof value !== 'number') {
    throw new Error(`input '${name}' is ${JSON.stringify(value)}; write a number`);
  }
  return type === 'string' && typeof value !== 'string'
    ? String(isTruthy(value) || value !== null ? value : '')
    : value;
}

function isToken(value: unknown): value is TemplateToken {
  return typeof value === 'object' && value !== null && isScalar(value as TemplateToken);
}
