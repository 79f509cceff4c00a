import { calls, plainArgs } from '../../scripts.ts';
import type { Rule } from '../rule.ts';
import { callsThat } from './findings.ts';

export const rule: Rule = {
  id: 'DL3028',
  severity: 'off',
  summary: 'With a version, a gem does not change; the rule no-exact-versions asks for the opposite',
  bad: 'FROM debian:bookworm-slim\nRUN gem install rake',
  good: 'FROM debian:bookworm-slim\nRUN gem install rake:13',
  check(context) {
    return callsThat(
      context,
      (program) =>
        calls(program, 'gem', ['install', 'i']) &&
        !program.args.some((arg) => /^(?:-v|--version|--version=.*)$/s.test(arg)) &&
        plainArgs(program).some((arg) => !/^(?:install|i|--)$/.test(arg) && !arg.includes(':')),
      'gem installs a gem without version',
    );
  },
};
