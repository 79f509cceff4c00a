import { globalsOf } from '../../evaluation.ts';
import { suggestion } from '../../suggestion.ts';
import { expandWords } from '../../words.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'UndefinedArgInFrom',
  severity: 'warning',
  summary: 'A variable that nobody declares is empty',
  bad: 'FROM debian:bookworm${VARIANT}\nRUN make',
  good: 'ARG VARIANT=-slim\nFROM debian:bookworm${VARIANT}\nRUN make',
  check(context) {
    const { dockerfile } = context;
    const declared = [...globalsOf(context).keys(), ...dockerfile.globalArgs.map(({ name }) => name)];
    return dockerfile.stages.flatMap(({ base, platform, from }) =>
      [base.text, platform ?? '']
        .flatMap(
          (text) =>
            expandWords(text, { escape: dockerfile.escape, value: (name) => globalsOf(context).get(name) }).unmatched,
        )
        .filter((name) => !declared.includes(name))
        .map((name) => ({
          line: base.line,
          column: base.column,
          subject: from,
          message: `no ARG before the first FROM declares '${name}'${suggestion(name, declared)}`,
        })),
    );
  },
};
