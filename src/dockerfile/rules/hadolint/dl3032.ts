import { calls, type Program } from '../../scripts.ts';
import type { Rule } from '../rule.ts';
import { scriptsThat } from './findings.ts';

export const rule: Rule = {
  id: 'DL3032',
  severity: 'warning',
  summary: 'What yum keeps for the next time is part of the image for ever',
  bad: 'FROM registry.example.org/almalinux:9\nRUN yum install -y curl',
  good: 'FROM registry.example.org/almalinux:9\nRUN yum install -y curl && yum clean all',
  check(context) {
    return scriptsThat(
      context,
      ({ programs }) => keepsCache(programs),
      'yum leaves its cache behind',
      'end the RUN with yum clean all',
    );
  },
};

function keepsCache(programs: readonly Program[]): boolean {
  const installs = programs.findIndex((program) => calls(program, 'yum', ['install']));
  const cleans = programs.findIndex(
    (program) => calls(program, 'yum', ['clean', 'all']) || calls(program, 'rm', ['-rf', '/var/cache/yum/*']),
  );
  return installs >= 0 && cleans <= installs;
}
