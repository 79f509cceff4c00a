import { flagValues, hasFlag } from '../../scripts.ts';
import type { Rule } from '../rule.ts';
import { callsThat } from './findings.ts';

export const rule: Rule = {
  id: 'DL3046',
  severity: 'warning',
  summary: 'useradd writes a log as long as the number of the user is high',
  bad: 'FROM debian:bookworm-slim\nRUN useradd -u 123456 app',
  good: 'FROM debian:bookworm-slim\nRUN useradd -l -u 123456 app',
  check(context) {
    return callsThat(
      context,
      (program) =>
        program.name === 'useradd' &&
        !hasFlag(program, 'l', 'no-log-init') &&
        hasFlag(program, 'u', 'uid') &&
        flagValues(program, 'u').some((value) => value.length > 5),
      'useradd with a high number and without -l',
      'add -l',
    );
  },
};
