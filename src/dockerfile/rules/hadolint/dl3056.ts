import type { Rule } from '../rule.ts';
import { brokenLabels } from './labels.ts';

export const rule: Rule = {
  id: 'DL3056',
  severity: 'warning',
  summary: 'Tools compare versions by the rules of semantic versioning',
  bad: 'FROM debian:bookworm-slim\nLABEL it=1.2',
  good: 'FROM debian:bookworm-slim\nLABEL it=1.2.3',
  example: {
    note: 'the label schema is `it: semver`.',
    options: { labels: { it: 'semver' } },
  },
  check: (context) => brokenLabels(context, 'semver', 'is no semantic version'),
};
