import type { Rule } from '../rule.ts';
import { repeated } from './repeated.ts';

export const rule: Rule = {
  id: 'DL4003',
  severity: 'warning',
  sameAs: 'MultipleInstructionsDisallowed',
  summary: 'Only the last CMD of a stage counts',
  bad: 'FROM debian:bookworm-slim\nCMD ["one"]\nCMD ["two"]',
  good: 'FROM debian:bookworm-slim\nCMD ["two"]',
  check: (context) => repeated(context, 'CMD'),
};
