import { calls, hasFlag } from '../../scripts.ts';
import type { Rule } from '../rule.ts';
import { callsThat } from './findings.ts';

export const rule: Rule = {
  id: 'DL3015',
  severity: 'notice',
  summary: 'What apt-get recommends is rarely needed in an image',
  bad: 'FROM debian:bookworm-slim\nRUN apt-get install -y curl',
  good: 'FROM debian:bookworm-slim\nRUN apt-get install -y --no-install-recommends curl',
  check(context) {
    return callsThat(
      context,
      (program) =>
        calls(program, 'apt-get', ['install']) &&
        !(hasFlag(program, 'no-install-recommends') || program.args.includes('APT::Install-Recommends=false')),
      'apt-get installs what is recommended too',
      'add --no-install-recommends',
    );
  },
};
