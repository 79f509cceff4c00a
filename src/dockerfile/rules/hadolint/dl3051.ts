import type { Rule } from '../rule.ts';
import { brokenLabels } from './labels.ts';

export const rule: Rule = {
  id: 'DL3051',
  severity: 'warning',
  summary: 'A label without a value says nothing',
  bad: 'FROM debian:bookworm-slim\nLABEL it=""',
  good: 'FROM debian:bookworm-slim\nLABEL it=something',
  example: {
    note: 'the label schema is `it: text`.',
    options: { labels: { it: 'text' } },
  },
  check: (context) => brokenLabels(context, 'any', 'is empty'),
};
