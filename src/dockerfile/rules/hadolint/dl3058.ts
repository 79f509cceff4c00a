import type { Rule } from '../rule.ts';
import { brokenLabels } from './labels.ts';

export const rule: Rule = {
  id: 'DL3058',
  severity: 'warning',
  summary: 'Mail to an address that is none goes nowhere',
  bad: 'FROM debian:bookworm-slim\nLABEL it=team',
  good: 'FROM debian:bookworm-slim\nLABEL it=team@example.org',
  example: {
    note: 'the label schema is `it: email`.',
    options: { labels: { it: 'email' } },
  },
  check: (context) => brokenLabels(context, 'email', 'is no mail address'),
};
