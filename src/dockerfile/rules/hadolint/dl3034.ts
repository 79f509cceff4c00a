import { calls, hasFlag } from '../../scripts.ts';
import type { Rule } from '../rule.ts';
import { callsThat } from './findings.ts';

export const rule: Rule = {
  id: 'DL3034',
  severity: 'warning',
  summary: 'Without -y, zypper asks, and nobody answers',
  bad: 'FROM registry.example.org/leap:15\nRUN zypper install curl',
  good: 'FROM registry.example.org/leap:15\nRUN zypper install -y curl',
  check(context) {
    return callsThat(
      context,
      (program) =>
        calls(program, 'zypper', ['install', 'in', 'remove', 'rm', 'source-install', 'si', 'patch']) &&
        !hasFlag(program, 'non-interactive', 'n', 'no-confirm', 'y'),
      'zypper is called without -y',
      'add -y',
    );
  },
};
