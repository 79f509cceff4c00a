import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { refusalsOf } from './refusals.ts';
import { type Declarations, entries, literal, readWorkflow, type Workflow } from './workflow-file.ts';

/** A workflow with the reusable workflows that its jobs call, all of them checked. */
export interface LoadedWorkflow extends Workflow {
  /** By job id. */
  called: Map<string, LoadedWorkflow>;
}

export interface Sources {
  suite: string;
  suiteName: string;
  /** Text of a file of the event's commit. */
  read(path: string): Promise<string | undefined>;
}

/** How deep reusable workflows may call one another: GitHub's limit. */
const MAX_DEPTH = 10;

/**
 * Reads a workflow and everything it calls, and looks for what this runner does not support.
 * @returns the workflow, or all problems, each `file:line:column: …`
 */
export async function loadWorkflow(
  file: string,
  content: string,
  sources: Sources,
  origin: 'repository' | 'suite' = 'repository',
  depth = 0,
): Promise<{ workflow?: LoadedWorkflow; problems: string[] }> {
  const shown = origin === 'suite' ? `${sources.suiteName}/${file}` : file;
  const { workflow, problems } = await readWorkflow(shown, content);
  if (workflow === undefined) return { problems };
  const found = [...problems, ...(await refusalsOf(workflow, sources))];
  const called = new Map<string, LoadedWorkflow>();
  for (const job of workflow.jobs) {
    const uses = job.keys.get('uses');
    if (uses === undefined) continue;
    const at = `${shown}:${uses.line}:${uses.column}`;
    const place = locate(literal(job.keys, 'uses') ?? '', origin, sources.suiteName);
    if (place === undefined) {
      found.push(`${at}: reusable workflows of other repositories are not supported; call one of ${sources.suiteName}`);
      continue;
    }
    const text =
      place.origin === 'suite'
        ? await readFile(join(sources.suite, place.file), 'utf8').catch(() => undefined)
        : await sources.read(place.file);
    if (text === undefined) found.push(`${at}: there is no ${place.file} in the ${place.origin}; correct the path`);
    else if (depth >= MAX_DEPTH) found.push(`${at}: more than ${MAX_DEPTH} workflows call one another; call fewer`);
    else {
      const callee = await loadWorkflow(place.file, text, sources, place.origin, depth + 1);
      found.push(...callee.problems);
      if (callee.workflow === undefined) continue;
      found.push(...callProblems(shown, job, callee.workflow));
      called.set(job.id, callee.workflow);
    }
  }
  return found.length > 0 ? { problems: found } : { workflow: { ...workflow, called }, problems: [] };
}

function locate(
  uses: string,
  origin: 'repository' | 'suite',
  suiteName: string,
): { origin: 'repository' | 'suite'; file: string } | undefined {
  if (uses.startsWith('./')) return { origin, file: uses.slice(2) };
  const match = /^([^/@]+\/[^/@]+)\/([^@]+)@.+$/.exec(uses);
  if (match?.[1]?.toLowerCase() !== suiteName.toLowerCase()) return undefined;
  return { origin: 'suite', file: match[2] ?? '' };
}

/** What is wrong between `with:` and `secrets:` of a job and the workflow that it calls. */
function callProblems(file: string, job: Workflow['jobs'][number], callee: Workflow): string[] {
  const at = (line: number, column: number, why: string): string => `${file}:${line}:${column}: ${why}`;
  const { call } = callee;
  if (call === undefined) return [at(job.line, job.column, `${callee.file} has no 'on: workflow_call'; add it there`)];
  const problems: string[] = [];
  const check = (key: string, kind: string, given: ReturnType<typeof entries>, declared: Declarations): void => {
    const names = [...declared.keys()];
    const has = (list: string[], name: string): boolean =>
      list.some((item) => item.toLowerCase() === name.toLowerCase());
    for (const [name, entry] of given) {
      if (has(names, name) || name === 'inherit') continue;
      const known = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
      problems.push(at(entry.line, entry.column, `${callee.file} has no ${kind} '${name}'; ${known}`));
    }
    for (const [name, declaration] of declared) {
      if (!declaration.required || declaration.default !== undefined || has([...given.keys()], name)) continue;
      problems.push(at(job.line, job.column, `${callee.file} needs the ${kind} '${name}'; give it under '${key}:'`));
    }
  };
  check('with', 'input', entries(job.keys.get('with')?.value), call.inputs);
  if (literal(job.keys, 'secrets') !== 'inherit') {
    check('secrets', 'secret', entries(job.keys.get('secrets')?.value), call.secrets);
  }
  return problems;
}
