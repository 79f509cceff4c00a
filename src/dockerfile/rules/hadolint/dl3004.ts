import type { Rule } from '../rule.ts';
import { callsThat } from './findings.ts';

export const rule: Rule = {
  id: 'DL3004',
  severity: 'error',
  summary: 'sudo changes users, terminals and signals in ways that a build does not expect',
  bad: 'FROM debian:bookworm-slim\nRUN sudo make install',
  good: 'FROM debian:bookworm-slim\nUSER root\nRUN make install',
  check(context) {
    return callsThat(context, ({ name }) => name === 'sudo', 'RUN uses sudo', 'use USER, or gosu at run time');
  },
};
