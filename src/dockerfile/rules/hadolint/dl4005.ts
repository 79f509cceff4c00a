import { calls } from '../../scripts.ts';
import type { Rule } from '../rule.ts';
import { callsThat } from './findings.ts';

export const rule: Rule = {
  id: 'DL4005',
  severity: 'warning',
  summary: 'SHELL changes the shell of the build and nothing else',
  bad: 'FROM debian:bookworm-slim\nRUN ln -sf /bin/bash /bin/sh',
  good: 'FROM debian:bookworm-slim\nSHELL ["/bin/bash", "-c"]',
  check(context) {
    return callsThat(context, (program) => calls(program, 'ln', ['/bin/sh']), 'RUN replaces /bin/sh', 'use SHELL');
  },
};
