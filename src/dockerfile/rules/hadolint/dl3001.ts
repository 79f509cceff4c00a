import type { Rule } from '../rule.ts';
import { callsThat } from './findings.ts';

export const rule: Rule = {
  id: 'DL3001',
  severity: 'notice',
  summary: 'Programs for people and for whole machines have nothing to do in a build',
  bad: 'FROM debian:bookworm-slim\nRUN service nginx start',
  good: 'FROM debian:bookworm-slim\nCMD ["nginx", "-g", "daemon off;"]',
  check(context) {
    return callsThat(context, ({ name }) => useless.test(name), 'a program that makes no sense in a build');
  },
};

const useless = /^(?:free|kill|mount|ps|service|shutdown|ssh|top|vim)$/;
