import { callsOf } from '../../commands.ts';
import { exactVersions } from '../../package-managers.ts';
import { valuesAt } from '../../scope.ts';
import { expandWords } from '../../words.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'no-exact-versions',
  severity: 'error',
  summary: 'A package at an exact version gets no security update, and the build fails once its archive drops it',
  bad: 'FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y nginx=1.22.1-9',
  good: 'FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y nginx',
  check({ dockerfile, image, options }) {
    return callsOf(dockerfile).flatMap((call) => {
      const values = valuesAt(dockerfile, call.stage, call.instruction, image.buildArgs, image.platforms[0]);
      const expand = (text: string): string =>
        expandWords(text, { escape: '', value: (name) => values.get(name), keepUnset: true, raw: true }).text;
      return exactVersions(call, expand)
        .filter(({ name }) => !options.allowedVersions.includes(name))
        .map(({ manager, name, version, line, column }) => ({
          line,
          column,
          message: `${manager} installs ${name} at the exact version ${version}`,
          hint: 'leave the version out, or list the package in allowed-versions',
        }));
    });
  },
};
