import { calls, keepsOut, type Program } from '../../scripts.ts';
import type { Instruction } from '../../types.ts';
import type { Rule } from '../rule.ts';
import { scriptsThat } from './findings.ts';

export const rule: Rule = {
  id: 'DL3036',
  severity: 'warning',
  summary: 'What zypper keeps for the next time is part of the image for ever',
  bad: 'FROM registry.example.org/leap:15\nRUN zypper install -y curl',
  good: 'FROM registry.example.org/leap:15\nRUN zypper install -y curl && zypper clean',
  check(context) {
    return scriptsThat(
      context,
      ({ run, programs }) => keepsCache(run, programs),
      'zypper leaves its cache behind',
      'end the RUN with zypper clean',
    );
  },
};

function keepsCache(run: Instruction, programs: readonly Program[]): boolean {
  if (keepsOut(run, /^\/var\/cache\/zypp/)) return false;
  const installs = programs.findIndex((program) => calls(program, 'zypper', ['install', 'in']));
  const cleans = programs.findIndex((program) => calls(program, 'zypper', ['clean', 'cc']));
  return installs >= 0 && cleans <= installs;
}
