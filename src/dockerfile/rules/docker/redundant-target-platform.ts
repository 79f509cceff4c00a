import { globalsOf } from '../../evaluation.ts';
import { expandWords } from '../../words.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'RedundantTargetPlatform',
  severity: 'warning',
  summary: 'A stage is built for $TARGETPLATFORM anyway',
  bad: 'FROM --platform=$TARGETPLATFORM debian:bookworm-slim\nRUN make',
  good: 'FROM debian:bookworm-slim\nRUN make',
  check(context) {
    const globals = globalsOf(context);
    return context.dockerfile.stages.flatMap(({ platform, base: { line, column }, from: subject }) => {
      if (platform === undefined) return [];
      const { text, matched, unmatched } = expandWords(platform, {
        escape: context.dockerfile.escape,
        value: (name) => globals.get(name),
      });
      if (unmatched.length > 0 || matched.join() !== 'TARGETPLATFORM' || text !== globals.get('TARGETPLATFORM'))
        return [];
      return [
        {
          line,
          column,
          subject,
          message: `--platform=${platform} is what a stage is built for anyway`,
          hint: 'leave it out',
        },
      ];
    });
  },
};
