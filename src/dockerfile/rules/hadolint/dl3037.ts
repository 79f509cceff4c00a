import { calls, plainArgs } from '../../scripts.ts';
import type { Rule } from '../rule.ts';
import { callsThat } from './findings.ts';

export const rule: Rule = {
  id: 'DL3037',
  severity: 'off',
  summary: 'With a version, a package of zypper does not change; the rule no-exact-versions asks for the opposite',
  bad: 'FROM registry.example.org/leap:15\nRUN zypper install -y curl',
  good: 'FROM registry.example.org/leap:15\nRUN zypper install -y curl=8',
  check(context) {
    return callsThat(
      context,
      (program) =>
        calls(program, 'zypper', ['install', 'in']) &&
        plainArgs(program).some((arg) => arg !== 'install' && arg !== 'in' && !/[=<>]|\.rpm$/.test(arg)),
      'zypper installs a package without version',
    );
  },
};
