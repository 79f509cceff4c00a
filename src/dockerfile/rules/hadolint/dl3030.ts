import { calls, hasFlag } from '../../scripts.ts';
import type { Rule } from '../rule.ts';
import { callsThat } from './findings.ts';

export const rule: Rule = {
  id: 'DL3030',
  severity: 'warning',
  summary: 'Without -y, yum asks, and nobody answers',
  bad: 'FROM registry.example.org/almalinux:9\nRUN yum install curl',
  good: 'FROM registry.example.org/almalinux:9\nRUN yum install -y curl',
  check(context) {
    return callsThat(
      context,
      (program) =>
        calls(program, 'yum', ['install', 'groupinstall', 'localinstall']) && !hasFlag(program, 'y', 'assumeyes'),
      'yum is called without -y',
      'add -y',
    );
  },
};
