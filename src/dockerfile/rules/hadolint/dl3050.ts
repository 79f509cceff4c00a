import type { Rule } from '../rule.ts';
import { at } from './findings.ts';
import { labelsOf } from './labels.ts';

export const rule: Rule = {
  id: 'DL3050',
  severity: 'notice',
  summary: 'With strict labels, an image has the labels of the label schema and no others',
  bad: 'FROM debian:bookworm-slim\nLABEL color=red',
  good: 'FROM debian:bookworm-slim\nLABEL version=1.2.3',
  example: {
    note: 'the label schema is `version: semver`, and labels are strict.',
    options: { labels: { version: 'semver' }, strictLabels: true },
  },
  check({ dockerfile: { stages }, options: { labels, strictLabels } }) {
    if (!strictLabels) return [];
    return stages
      .flatMap(({ instructions }) => instructions)
      .filter((instruction) => labelsOf(instruction).some(([key]) => !Object.hasOwn(labels, key)))
      .map((instruction) => at(instruction, 'LABEL has a key that is not in the label schema'));
  },
};
