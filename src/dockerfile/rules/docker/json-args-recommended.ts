import { evaluate } from '../../evaluation.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'JSONArgsRecommended',
  severity: 'warning',
  summary:
    'Without JSON a shell stands between the engine and the program, which gets no signals then and can not stop cleanly',
  bad: 'FROM debian:bookworm-slim\nENTRYPOINT my-program start',
  good: 'FROM debian:bookworm-slim\nENTRYPOINT ["my-program", "start"]',
  check(context) {
    return evaluate(context)
      .steps.filter(
        ({ instruction: { keyword, json }, shell }) =>
          !json && shell === undefined && /^(?:CMD|ENTRYPOINT)$/.test(keyword),
      )
      .map(({ place, instruction, triggered }) => ({
        ...place,
        ...(triggered ? {} : { subject: instruction }),
        message: `${instruction.keyword} is not in JSON form`,
        hint: 'write ["program", "argument"], or name the shell with SHELL where one is wanted',
      }));
  },
};
