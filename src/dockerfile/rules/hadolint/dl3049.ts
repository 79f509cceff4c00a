import type { Stage } from '../../types.ts';
import type { Rule } from '../rule.ts';
import { at } from './findings.ts';
import { labelsOf } from './labels.ts';
import { copySourceName, writtenBase, writtenName } from './stages.ts';

export const rule: Rule = {
  id: 'DL3049',
  severity: 'notice',
  summary: 'A label that the label schema names is missing',
  bad: 'FROM debian:bookworm-slim\nRUN true',
  good: 'FROM debian:bookworm-slim\nLABEL version=1.2.3',
  example: {
    note: 'the label schema is `version: semver`.',
    options: { labels: { version: 'semver' } },
  },
  check({ dockerfile: { stages }, options: { labels } }) {
    return Object.keys(labels).flatMap((label) => {
      const good = new Set<string>();
      const bad = new Set<Stage>();
      for (const stage of stages) {
        const { name } = writtenBase(stage);
        const own = writtenName(stage);
        if (!good.has(name)) bad.add(stage);
        else if (own !== undefined) good.add(own);
        for (const instruction of stage.instructions) {
          const source = instruction.keyword === 'COPY' ? copySourceName(instruction) : undefined;
          const has = labelsOf(instruction).some(([key]) => key === label);
          if (has) {
            bad.delete(stage);
            if (own !== undefined) good.add(own);
          }
          // A stage that is only copied from needs no labels.
          const silent = has ? (own ?? name) : source;
          for (const other of bad) if (silent !== undefined && writtenName(other) === silent) bad.delete(other);
        }
      }
      return [...bad].map(({ from }) => at(from, `the label '${label}' is missing`));
    });
  },
};
