import { tryReference } from '../../../images/reference.ts';
import type { ParsedDockerfile } from '../../types.ts';
import { expandValue, globalValues } from '../../upstreams.ts';
import { expandWords } from '../../words.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'InvalidDefaultArgInFrom',
  severity: 'warning',
  summary: 'A Dockerfile that only builds with arguments fails for everybody who does not know them',
  bad: 'ARG TAG\nFROM debian:${TAG}',
  good: 'ARG TAG=bookworm-slim\nFROM debian:${TAG}',
  example: {
    note: 'it is built with `TAG=bookworm-slim`.',
    buildArgs: { TAG: 'bookworm-slim' },
  },
  check({ dockerfile, image }) {
    const builtIn = Object.fromEntries(
      Object.entries(image.buildArgs).filter(([name]) => /^(?:BUILD|TARGET)/.test(name)),
    );
    const globals = globalValues({ ...dockerfile, globalArgs: [] }, builtIn, image.platforms[0], image.target);
    const defaults = defaultValues(dockerfile, globals);
    if (defaults === undefined) return [];
    return dockerfile.stages.flatMap(({ base: { text, line, column } }) => {
      if (tryReference(expandValue(dockerfile.escape, text, defaults)) !== undefined) return [];
      const message = `without build arguments, '${text}' is no image`;
      return [{ line, column, message, hint: 'give ARG a default that makes it one' }];
    });
  },
};

/** `undefined` when a default can't be expanded. */
function defaultValues(
  { globalArgs, escape: token }: ParsedDockerfile,
  builtIn: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> | undefined {
  const values = new Map(builtIn);
  for (const { name, value } of globalArgs) {
    if (value === undefined) continue;
    const { text, error } = expandWords(value, { escape: token, value: (wanted) => values.get(wanted) });
    if (error !== undefined) return undefined;
    values.set(name, text);
  }
  return values;
}
