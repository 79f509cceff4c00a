/** Which workflows of a repository hear of a dispatch: read from their files, pure. */
import { parse } from 'yaml';
import { isObject } from '../github/index.ts';

/** A workflow that other repositories can start. */
export interface Receiver {
  /** Name of the file in `.github/workflows`. */
  readonly file: string;
  /** Types of `repository_dispatch` events that start it; empty: all; absent: none. */
  readonly eventTypes?: readonly string[];
  /** Inputs of `workflow_dispatch`; absent when that does not start it. */
  readonly inputs?: readonly string[];
}

/** @param texts of the files in `.github/workflows`, by name; those that can't be read start nothing */
export function receiversOf(texts: ReadonlyMap<string, string>): readonly Receiver[] {
  return [...texts].flatMap(([file, text]) => {
    if (!/\.ya?ml$/.test(file)) return [];
    const receiver = readReceiver(file, text);
    return receiver.eventTypes === undefined && receiver.inputs === undefined ? [] : [receiver];
  });
}

/** The workflows that an event of this type starts. */
export function hearing(receivers: readonly Receiver[], eventType: string): readonly Receiver[] {
  return receivers.filter(
    ({ eventTypes }) => eventTypes !== undefined && (eventTypes.length === 0 || eventTypes.includes(eventType)),
  );
}

function readReceiver(file: string, text: string): Receiver {
  const triggers = triggersOf(text);
  const { repository_dispatch: events, workflow_dispatch: manual } = triggers;
  const types = isObject(events) ? events.types : undefined;
  const inputs = isObject(manual) && isObject(manual.inputs) ? Object.keys(manual.inputs) : [];
  return {
    file,
    ...('repository_dispatch' in triggers ? { eventTypes: types === undefined ? [] : listOf(types) } : {}),
    ...('workflow_dispatch' in triggers ? { inputs } : {}),
  };
}

/** What stands under `on`, whichever of its three forms it has. */
function triggersOf(text: string): Readonly<Record<string, unknown>> {
  let workflow: unknown;
  try {
    workflow = parse(text, { logLevel: 'silent' });
  } catch {
    return {};
  }
  const on = isObject(workflow) ? workflow.on : undefined;
  return isObject(on) ? on : Object.fromEntries(listOf(on).map((name) => [name, null]));
}

function listOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}
