import type { Script } from '../../scripts.ts';
import type { Rule } from '../rule.ts';
import { scriptsThat } from './findings.ts';

export const rule: Rule = {
  id: 'DL3003',
  severity: 'warning',
  summary: 'WORKDIR says for all that follows where it happens',
  bad: 'FROM debian:bookworm-slim\nRUN cd /app && make',
  good: 'FROM debian:bookworm-slim\nWORKDIR /app\nRUN make',
  check(context) {
    const direct = (script: Script): boolean => script.outer === script.run;
    return scriptsThat(
      context,
      (script) => direct(script) && script.programs.some(({ name }) => name === 'cd'),
      'RUN changes the folder with cd',
      'use WORKDIR',
    );
  },
};
