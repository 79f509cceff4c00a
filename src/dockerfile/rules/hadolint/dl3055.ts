import type { Rule } from '../rule.ts';
import { brokenLabels } from './labels.ts';

export const rule: Rule = {
  id: 'DL3055',
  severity: 'warning',
  summary: 'A commit is named by its whole hash or by seven digits of it',
  bad: 'FROM debian:bookworm-slim\nLABEL it=main',
  good: 'FROM debian:bookworm-slim\nLABEL it=0123abc',
  example: {
    note: 'the label schema is `it: hash`.',
    options: { labels: { it: 'hash' } },
  },
  check: (context) => brokenLabels(context, 'hash', 'is no hash of git'),
};
