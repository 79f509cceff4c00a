import { calls, plainArgs } from '../../scripts.ts';
import type { Rule } from '../rule.ts';
import { callsThat } from './findings.ts';

export const rule: Rule = {
  id: 'DL3008',
  severity: 'off',
  summary: 'With a version, a package of apt-get does not change; the rule no-exact-versions asks for the opposite',
  bad: 'FROM debian:bookworm-slim\nRUN apt-get install -y curl',
  good: 'FROM debian:bookworm-slim\nRUN apt-get install -y curl=8.*',
  check(context) {
    return callsThat(
      context,
      (program) =>
        calls(program, 'apt-get', ['install']) &&
        plainArgs(program, ['t', 'target-release']).some((arg) => arg !== 'install' && !/[=/]|\.deb$/.test(arg)),
      'apt-get installs a package without version',
    );
  },
};
