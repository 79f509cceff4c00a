/** What variables are worth at an instruction, as far as the file and the build arguments tell. */

import { argumentsOf } from './arguments.ts';
import type { Instruction, ParsedDockerfile, Stage } from './types.ts';
import { expandValue, globalValues } from './upstreams.ts';
import { expandWords } from './words.ts';

/** Values that the base image's own environment may add to are missing, not empty. */
export function valuesAt(
  parsed: ParsedDockerfile,
  stage: Stage,
  before: Instruction | undefined,
  buildArgs: Readonly<Record<string, string>>,
  platform?: string,
): ReadonlyMap<string, string> {
  const globals = globalValues(parsed, buildArgs, platform);
  const base = expandValue(parsed.escape, stage.base.text, globals);
  const parent = parsed.stages.slice(0, stage.index).findLast(({ name }) => name !== undefined && name === base);
  const values = new Map(parent === undefined ? [] : valuesAt(parsed, parent, undefined, buildArgs, platform));
  const environment = new Set<string>();
  for (const instruction of stage.instructions) {
    if (instruction === before) break;
    const expand = (text: string): string => expandValue(parsed.escape, text, values);
    if (instruction.keyword === 'ARG') {
      for (const { name, value } of argumentsOf(instruction)) {
        // ENV wins over an ARG of the same name, whichever comes first.
        if (environment.has(name)) continue;
        const given = Object.hasOwn(buildArgs, name) ? buildArgs[name] : undefined;
        const chosen = given ?? (value === undefined ? globals.get(name) : expand(value));
        if (chosen !== undefined) values.set(name, chosen);
      }
    }
    if (instruction.keyword === 'ENV') {
      for (const [name, value] of pairsOf(instruction).map(([key, text]) => [key, expand(text)] as const)) {
        environment.add(name);
        values.set(name, value);
      }
    }
  }
  return values;
}

/** `NAME=value …`, or the old form `NAME value`. */
export function pairsOf({ words, body }: Instruction): readonly (readonly [string, string])[] {
  const [first] = words;
  if (first === undefined) return [];
  if (!first.text.includes('=')) return [[first.text, body.text.slice(first.text.length).trim()]];
  return words.map(({ text }) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)] as const);
}

/** Text with its variables replaced, or `undefined` when one of them is not known. */
export function expandKnown(
  escapeToken: string,
  text: string,
  values: ReadonlyMap<string, string>,
): string | undefined {
  const {
    text: expanded,
    unset,
    error,
  } = expandWords(text, { escape: escapeToken, value: (name) => values.get(name) });
  return unset.length > 0 || error !== undefined ? undefined : expanded;
}
