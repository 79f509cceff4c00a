import { calls, hasFlag } from '../../scripts.ts';
import type { Rule } from '../rule.ts';
import { callsThat } from './findings.ts';

export const rule: Rule = {
  id: 'DL3038',
  severity: 'warning',
  summary: 'Without -y, dnf asks, and nobody answers',
  bad: 'FROM registry.example.org/almalinux:9\nRUN dnf install curl',
  good: 'FROM registry.example.org/almalinux:9\nRUN dnf install -y curl',
  check(context) {
    return callsThat(
      context,
      (program) =>
        calls(program, ['dnf', 'microdnf'], ['install', 'groupinstall', 'localinstall']) &&
        !hasFlag(program, 'y', 'assumeyes'),
      'dnf is called without -y',
      'add -y',
    );
  },
};
