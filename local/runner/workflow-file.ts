import { convertWorkflowTemplate } from '@actions/workflow-parser';
import { isJob, isReusableWorkflowJob } from '@actions/workflow-parser/model/type-guards';
import type { EventsConfig } from '@actions/workflow-parser/model/workflow-template';
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token';
import { pairs } from './expressions.ts';
import { parseTemplate } from './parse.ts';

/** A workflow file as GitHub's own parser reads it; parts that may hold expressions are still tokens. */
export interface Workflow {
  file: string;
  name: string;
  events: EventsConfig;
  keys: Map<string, Entry>;
  /** What `on.workflow_call` declares; undefined when the workflow cannot be called. */
  call: { inputs: Declarations; secrets: Declarations; outputs: Map<string, TemplateToken> } | undefined;
  /** Inputs of `on.workflow_dispatch`. */
  dispatchInputs: Declarations;
  jobs: JobDefinition[];
}

export interface JobDefinition {
  id: string;
  /** Line and column of the job's name. */
  line: number;
  column: number;
  needs: string[];
  /** Condition, with `success()` in front where it names no status function. */
  condition: string;
  keys: Map<string, Entry>;
  steps: StepDefinition[];
}

export interface StepDefinition {
  /** The `id`, or one that GitHub makes up, which starts with two underscores. */
  id: string;
  line: number;
  column: number;
  condition: string;
  keys: Map<string, Entry>;
}

/** Inputs or secrets by name; those of GitHub's converter lack numbers and computed defaults. */
export type Declarations = Map<string, Declaration>;

export interface Declaration {
  /** `string`, `number`, `boolean`, `choice` or `environment`. */
  type: string;
  required: boolean;
  default: TemplateToken | undefined;
  options: string[];
}

/** One key of a mapping: where it stands, and its value. */
export interface Entry {
  line: number;
  column: number;
  value: TemplateToken;
}

/**
 * Reads a workflow file.
 * @returns the workflow, or all problems that GitHub's parser finds, each `file:line:column: …`
 */
export async function readWorkflow(
  file: string,
  content: string,
): Promise<{ workflow?: Workflow; problems: string[] }> {
  const { root, context, problems } = parseTemplate('workflow', file, content);
  if (root === undefined || problems().length > 0) return { problems: problems() };
  const template = await convertWorkflowTemplate(context, root);
  if (problems().length > 0) return { problems: problems() };

  const keys = entries(root);
  const jobKeys = entries(keys.get('jobs')?.value);
  const jobs = template.jobs.map((job): JobDefinition => {
    const id = job.id.value;
    const entry = jobKeys.get(id);
    const own = entries(entry?.value);
    const stepTokens = own.get('steps')?.value;
    const steps = isJob(job)
      ? job.steps.map((step, index): StepDefinition => {
          const token = stepTokens === undefined ? undefined : stepTokens.assertSequence('steps').get(index);
          return {
            id: step.id,
            line: token?.line ?? 1,
            column: token?.col ?? 1,
            condition: step.if?.expression ?? 'success()',
            keys: entries(token),
          };
        })
      : [];
    if (!isJob(job) && !isReusableWorkflowJob(job)) throw new Error(`${file}: job ${id} is of an unknown kind`);
    return {
      id,
      line: entry?.line ?? 1,
      column: entry?.column ?? 1,
      needs: (job.needs ?? []).map((need) => need.value),
      condition: job.if.expression,
      keys: own,
      steps,
    };
  });

  const on = entries(keys.get('on')?.value);
  const call = entries(on.get('workflow_call')?.value);
  const outputs = new Map<string, TemplateToken>();
  for (const [name, output] of entries(call.get('outputs')?.value)) {
    const value = entries(output.value).get('value');
    if (value !== undefined) outputs.set(name, value.value);
  }
  return {
    workflow: {
      file,
      name: literal(keys, 'name') ?? file,
      events: template.events,
      keys,
      call:
        template.events.workflow_call === undefined
          ? undefined
          : { inputs: declarations(call.get('inputs')), secrets: declarations(call.get('secrets')), outputs },
      dispatchInputs: declarations(entries(on.get('workflow_dispatch')?.value).get('inputs')),
      jobs,
    },
    problems: [],
  };
}

function declarations(entry: Entry | undefined): Declarations {
  const found: Declarations = new Map();
  for (const [name, { value }] of entries(entry?.value)) {
    const keys = entries(value);
    const options = keys.get('options')?.value.assertSequence('options');
    found.set(name, {
      type: literal(keys, 'type') ?? 'string',
      required: literal(keys, 'required') === 'true',
      default: keys.get('default')?.value,
      options: options === undefined ? [] : Array.from(options, (option) => option.assertScalar('option').toString()),
    });
  }
  return found;
}

/** The keys of a mapping; none of anything else. */
export function entries(token: TemplateToken | undefined): Map<string, Entry> {
  const found = new Map<string, Entry>();
  for (const [key, value] of pairs(token)) {
    found.set(key.assertScalar('key').toString(), { line: key.line ?? 1, column: key.col ?? 1, value });
  }
  return found;
}

/** Text of a key that holds a plain scalar; undefined when it is absent or an expression. */
export function literal(keys: Map<string, Entry>, key: string): string | undefined {
  const value = keys.get(key)?.value;
  return value?.isLiteral ? value.assertScalar(key).toString() : undefined;
}
