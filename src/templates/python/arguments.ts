/** Binding of arguments to parameters, as Python does it. */
import { raise } from './errors.ts';
import type { Kwargs } from './evaluation.ts';
import type { Value } from './values.ts';

/** Parameters in order; those from `required` on may be left out. */
export interface Parameters {
  /** The name of what is called, for messages. */
  readonly name: string;
  readonly names: readonly string[];
  /** How many of the names have no default. */
  readonly required: number;
  /** Whether they can't be given by name, as those of most of Python's own methods. */
  readonly positional?: boolean;
}

/**
 * The arguments in the order of the parameters; `undefined` where one with a default was left out.
 * @throws TemplateError for too many, unexpected, doubled and missing arguments
 */
export function bindArguments(
  { name, names, required, positional = false }: Parameters,
  args: readonly Value[],
  kwargs: Kwargs,
): readonly (Value | undefined)[] {
  if (args.length > names.length)
    raise(`${name} takes at most ${names.length} argument${names.length === 1 ? '' : 's'}, not ${args.length}`);
  if (kwargs.size === 0 && args.length >= required) return args;
  const bound: (Value | undefined)[] = [...args];
  for (const [key, value] of kwargs) {
    if (positional) raise(`${name} takes no arguments by name, but got '${key}'`);
    const index = names.indexOf(key);
    if (index === -1)
      raise(`${name} has no argument '${key}'`, names.length === 0 ? undefined : `it has ${names.join(', ')}`);
    if (index < args.length) raise(`${name} got two values for its argument '${key}'`);
    bound[index] = value;
  }
  for (let index = 0; index < required; index++)
    if (bound[index] === undefined) raise(`${name} needs its argument '${names[index]}'`);
  return bound;
}

/** The rest of a call that takes no keyword arguments. */
export function refuseKwargs(name: string, kwargs: Kwargs): void {
  for (const key of kwargs.keys()) raise(`${name} takes no arguments by name, but got '${key}'`);
}
