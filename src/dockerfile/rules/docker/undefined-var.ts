import { evaluate } from '../../evaluation.ts';
import { suggestion } from '../../suggestion.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'UndefinedVar',
  severity: 'warning',
  summary: 'A variable that nobody sets is empty',
  bad: 'FROM debian:bookworm-slim\nENV CONFIG=$CONFIG_HOME/app',
  good: 'FROM debian:bookworm-slim\nARG CONFIG_HOME=/etc\nENV CONFIG=$CONFIG_HOME/app',
  check(context) {
    return evaluate(context).steps.flatMap(({ unmatched, instruction, place, known, triggered }) =>
      unmatched.map((name) => ({
        ...place,
        ...(triggered ? {} : { subject: instruction }),
        message: `${instruction.keyword} uses '$${name}', which nothing sets${suggestion(name, known)}`,
      })),
    );
  },
};
