import type { Rule } from '../rule.ts';
import { repeated } from './repeated.ts';

export const rule: Rule = {
  id: 'DL4004',
  severity: 'error',
  sameAs: 'MultipleInstructionsDisallowed',
  summary: 'Only the last ENTRYPOINT of a stage counts',
  bad: 'FROM debian:bookworm-slim\nENTRYPOINT ["one"]\nENTRYPOINT ["two"]',
  good: 'FROM debian:bookworm-slim\nENTRYPOINT ["two"]',
  check: (context) => repeated(context, 'ENTRYPOINT'),
};
