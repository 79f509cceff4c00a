import type { Rule } from '../rule.ts';
import { brokenLabels } from './labels.ts';

export const rule: Rule = {
  id: 'DL3054',
  severity: 'warning',
  summary: 'Tools find licences by their SPDX name',
  bad: 'FROM debian:bookworm-slim\nLABEL it=Apache',
  good: 'FROM debian:bookworm-slim\nLABEL it=Apache-2.0',
  example: {
    note: 'the label schema is `it: spdx`.',
    options: { labels: { it: 'spdx' } },
  },
  check: (context) => brokenLabels(context, 'spdx', 'is no SPDX licence'),
};
