import type { Rule } from '../rule.ts';
import { brokenLabels } from './labels.ts';

export const rule: Rule = {
  id: 'DL3053',
  severity: 'warning',
  summary: 'Tools sort by labels that are times',
  bad: 'FROM debian:bookworm-slim\nLABEL it=yesterday',
  good: 'FROM debian:bookworm-slim\nLABEL it=2024-05-01T12:00:00Z',
  example: {
    note: 'the label schema is `it: rfc3339`.',
    options: { labels: { it: 'rfc3339' } },
  },
  check: (context) => brokenLabels(context, 'rfc3339', 'is no time as in RFC 3339'),
};
