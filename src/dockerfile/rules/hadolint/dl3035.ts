import { calls } from '../../scripts.ts';
import type { Rule } from '../rule.ts';
import { callsThat } from './findings.ts';

export const rule: Rule = {
  id: 'DL3035',
  severity: 'warning',
  summary: 'A change of the distribution belongs into FROM',
  bad: 'FROM registry.example.org/leap:15\nRUN zypper dist-upgrade -y',
  good: 'FROM registry.example.org/leap:15\nRUN zypper patch -y',
  check(context) {
    return callsThat(
      context,
      (program) => calls(program, 'zypper', ['dist-upgrade', 'dup']),
      'RUN upgrades the distribution',
    );
  },
};
