import { isAbsolute, relative } from 'node:path';
import type { Masks } from './masks.ts';
import type { Annotation } from './types.ts';

/** What the log of a step collects besides its lines. */
export interface CommandResults {
  annotations: Annotation[];
  /** Of the old `::set-output`. */
  outputs: Record<string, string>;
  /** Of the old `::save-state`. */
  state: Record<string, string>;
  /** A command that GitHub no longer runs fails the step. */
  refused: string[];
}

interface Command {
  name: string;
  properties: Record<string, string>;
  message: string;
}

/**
 * Reads the workflow commands in a step's log, line by line.
 * Format: GitHub's "Workflow commands", `::name key=value,key=value::message` at the start of a line.
 *
 * @returns a function that takes a raw line and gives the line to show, masked, or undefined for none
 */
export function commandReader(
  results: CommandResults,
  options: { masks: Masks; workspace: string; debug: boolean },
): (line: string) => string | undefined {
  let stopToken: string | undefined;
  return (line) => {
    const command = parseCommand(line);
    if (stopToken !== undefined) {
      if (command?.name === stopToken) stopToken = undefined;
      return options.masks.hide(line);
    }
    if (command === undefined) return options.masks.hide(line);
    const shown = act(command);
    return shown === undefined ? undefined : options.masks.hide(shown);
  };

  function act({ name, properties, message }: Command): string | undefined {
    switch (name) {
      case 'error':
      case 'warning':
      case 'notice':
        results.annotations.push(annotation(name, properties, options.masks.hide(message)));
        return `##[${name}]${message}`;
      case 'group':
        return `##[group]${message}`;
      case 'endgroup':
        return '##[endgroup]';
      case 'debug':
        return options.debug ? `##[debug]${message}` : undefined;
      case 'add-mask':
        options.masks.add(message);
        return undefined;
      case 'stop-commands':
        stopToken = message;
        return `::stop-commands::${message}`;
      case 'echo':
        return undefined;
      case 'set-output':
        results.outputs[properties.name ?? ''] = message;
        return undefined;
      case 'save-state':
        results.state[properties.name ?? ''] = message;
        return undefined;
      case 'set-env':
      case 'add-path': {
        const why = `The \`${name}\` command is disabled; write to the file that GITHUB_${name === 'set-env' ? 'ENV' : 'PATH'} names`;
        results.refused.push(why);
        return `##[error]${why}`;
      }
      default:
        return `::${name}::${message}`;
    }
  }

  function annotation(level: Annotation['level'], properties: Record<string, string>, message: string): Annotation {
    const file = properties.file;
    const numbers = { line: 'line', endLine: 'endLine', col: 'col', endColumn: 'endColumn' } as const;
    const found: Annotation = { level, message };
    if (file !== undefined && file !== '') {
      found.file = isAbsolute(file) ? relative(options.workspace, file) : file;
    }
    if (properties.title) found.title = options.masks.hide(properties.title);
    for (const [property, key] of Object.entries(numbers)) {
      const value = Number.parseInt(properties[property] ?? '', 10);
      if (Number.isInteger(value)) found[key] = value;
    }
    return found;
  }
}

function parseCommand(line: string): Command | undefined {
  const match = /^\s*::([^\s:]+)(?:\s+(.*?))?::(.*)$/s.exec(line);
  if (match === null) return undefined;
  const [, name = '', list = '', message = ''] = match;
  const properties: Record<string, string> = {};
  for (const item of list.split(',')) {
    const equals = item.indexOf('=');
    if (equals > 0) properties[item.slice(0, equals).trim()] = decode(item.slice(equals + 1), true);
  }
  return { name: name.toLowerCase(), properties, message: decode(message, false) };
}

function decode(text: string, property: boolean): string {
  const plain = text.replaceAll('%0D', '\r').replaceAll('%0A', '\n');
  return (property ? plain.replaceAll('%3A', ':').replaceAll('%2C', ',') : plain).replaceAll('%25', '%');
}
