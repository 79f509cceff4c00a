import type { Rule } from '../rule.ts';
import { callsThat } from './findings.ts';

export const rule: Rule = {
  id: 'DL3027',
  severity: 'warning',
  summary: 'apt is made for people: its options and output change',
  bad: 'FROM debian:bookworm-slim\nRUN apt install -y curl',
  good: 'FROM debian:bookworm-slim\nRUN apt-get install -y curl',
  check(context) {
    return callsThat(context, ({ name }) => name === 'apt', 'RUN uses apt', 'use apt-get or apt-cache');
  },
};
