import { globalsOf } from '../../evaluation.ts';
import { parsePlatform } from '../../platforms.ts';
import { expandWords } from '../../words.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'FromPlatformFlagConstDisallowed',
  severity: 'warning',
  summary: 'A fixed platform in FROM gives an image for one platform under the name of all',
  bad: 'FROM --platform=linux/amd64 debian:bookworm-slim\nRUN make',
  good: 'FROM --platform=$BUILDPLATFORM debian:bookworm-slim\nRUN make',
  check(context) {
    const globals = globalsOf(context);
    return context.dockerfile.stages.flatMap(({ platform, name = '', base: { line, column }, from: subject }) => {
      const { text, matched, unmatched } = expandWords(platform ?? '', {
        escape: context.dockerfile.escape,
        value: (key) => globals.get(key),
      });
      const constant = matched.length + unmatched.length > 0 ? undefined : parsePlatform(text);
      // A stage that is named after its platform is meant for it.
      if (constant === undefined || name.includes(constant.os) || name.includes(constant.architecture)) return [];
      const hint = 'leave it out, use a variable, or name the stage after the platform';
      return [{ line, column, subject, message: `FROM has the constant platform '${text}'`, hint }];
    });
  },
};
