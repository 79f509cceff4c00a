import { calls, keepsOut, type Program } from '../../scripts.ts';
import type { Instruction } from '../../types.ts';
import type { Rule } from '../rule.ts';
import { scriptsThat } from './findings.ts';

export const rule: Rule = {
  id: 'DL3040',
  severity: 'warning',
  summary: 'What dnf keeps for the next time is part of the image for ever',
  bad: 'FROM registry.example.org/almalinux:9\nRUN dnf install -y curl',
  good: 'FROM registry.example.org/almalinux:9\nRUN dnf install -y curl && dnf clean all',
  check(context) {
    return scriptsThat(
      context,
      ({ run, programs }) => ['dnf', 'microdnf'].some((name) => keepsCache(run, programs, name)),
      'dnf leaves its cache behind',
      'end the RUN with dnf clean all',
    );
  },
};

function keepsCache(run: Instruction, programs: readonly Program[], name: string): boolean {
  if (keepsOut(run, /^\/var\/cache\/libdnf5/)) return false;
  const installs = programs.findIndex((program) => calls(program, name, ['install', 'reinstall', 'upgrade']));
  const cleans = programs.findIndex(
    (program) => calls(program, name, ['clean', 'all']) || calls(program, 'rm', ['-rf', '/var/cache/yum/*']),
  );
  return installs >= 0 && cleans <= installs;
}
