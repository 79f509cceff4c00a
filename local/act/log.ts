/** Reads what act writes with `--json`: one object a line. */
import type { Conclusion, StepRun } from '../runner/index.ts';

interface Entry {
  readonly step?: string;
  readonly stage?: string;
  readonly msg?: string;
  readonly raw_output?: boolean;
  readonly command?: string;
  readonly name?: string;
  readonly arg?: string;
  readonly stepResult?: string;
  readonly executionTime?: number;
}

/** The main steps of the only job, with their outputs, in their order. */
export function parseLog(text: string): StepRun[] {
  const steps = new Map<string, StepRun>();
  for (const line of text.split('\n')) {
    const entry = parseEntry(line);
    if (entry?.step === undefined || entry.stage !== 'Main') continue;
    steps.set(entry.step, add(steps.get(entry.step) ?? empty(entry.step), entry));
  }
  return [...steps.values()];
}

function empty(name: string): StepRun {
  return {
    name,
    conclusion: 'skipped',
    outcome: 'skipped',
    outputs: {},
    summary: '',
    annotations: [],
    log: '',
    durationMs: 0,
  };
}

function add(step: StepRun, entry: Entry): StepRun {
  if (entry.raw_output === true) return { ...step, log: step.log + (entry.msg ?? '') };
  if (entry.command === 'set-output' && entry.name !== undefined)
    return { ...step, outputs: { ...step.outputs, [entry.name]: entry.arg ?? '' } };
  if (entry.command === 'error')
    return { ...step, annotations: [...step.annotations, { level: 'error', message: entry.arg ?? entry.msg ?? '' }] };
  if (entry.stepResult !== undefined) {
    const outcome: Conclusion = entry.stepResult === 'success' ? 'success' : 'failure';
    return { ...step, conclusion: outcome, outcome, durationMs: (entry.executionTime ?? 0) / 1e6 };
  }
  return step;
}

function parseEntry(line: string): Entry | undefined {
  try {
    const entry: Entry | null = JSON.parse(line);
    return entry ?? undefined;
  } catch {
    return undefined;
  }
}
