import { calls, hasFlag, type Program } from '../../scripts.ts';
import type { Rule } from '../rule.ts';
import { callsThat } from './findings.ts';

export const rule: Rule = {
  id: 'DL3014',
  severity: 'warning',
  summary: 'Without -y, apt-get asks, and nobody answers',
  bad: 'FROM debian:bookworm-slim\nRUN apt-get install curl',
  good: 'FROM debian:bookworm-slim\nRUN apt-get install -y curl',
  check(context) {
    return callsThat(
      context,
      (program) => calls(program, 'apt-get', ['install']) && !isQuiet(program),
      'apt-get install without -y',
      'add -y',
    );
  },
};

/** `-qq` stands for `-y` too. */
function isQuiet(program: Program): boolean {
  return hasFlag(program, 'y', 'yes', 'assume-yes') || program.flags.filter((flag) => flag === 'q').length > 1;
}
