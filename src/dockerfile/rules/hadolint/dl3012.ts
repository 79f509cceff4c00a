import type { Rule } from '../rule.ts';
import { repeated } from './repeated.ts';

export const rule: Rule = {
  id: 'DL3012',
  severity: 'error',
  sameAs: 'MultipleInstructionsDisallowed',
  summary: 'Only the last HEALTHCHECK of a stage counts',
  bad: 'FROM debian:bookworm-slim\nHEALTHCHECK CMD ["one"]\nHEALTHCHECK CMD ["two"]',
  good: 'FROM debian:bookworm-slim\nHEALTHCHECK CMD ["two"]',
  check: (context) => repeated(context, 'HEALTHCHECK'),
};
