/** Which workflows of a repository hear of a dispatch: read from their files, pure. */
import { parse } from 'yaml';
import { isObject } from '../github/index.ts';
import type { Receiver } from './hearing.ts';

/** @param texts of the files in `.github/workflows`, by name; those that can't be read start nothing */
export function receiversOf(texts: ReadonlyMap<string, string>): readonly Receiver[] {
  return [...texts].flatMap(([file, text]) => {
    if (!/\.ya?ml$/.test(file)) return [];
    const receiver = readReceiver(file, text);
    return receiver.eventTypes === undefined && receiver.inputs === undefined ? [] : [receiver];
  });
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
