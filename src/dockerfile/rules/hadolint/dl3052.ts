import type { Rule } from '../rule.ts';
import { brokenLabels } from './labels.ts';

export const rule: Rule = {
  id: 'DL3052',
  severity: 'warning',
  summary: 'Tools make links of labels that are addresses',
  bad: 'FROM debian:bookworm-slim\nLABEL it=example',
  good: 'FROM debian:bookworm-slim\nLABEL it=https://example.org/',
  example: {
    note: 'the label schema is `it: url`.',
    options: { labels: { it: 'url' } },
  },
  check: (context) => brokenLabels(context, 'url', 'is no address'),
};
