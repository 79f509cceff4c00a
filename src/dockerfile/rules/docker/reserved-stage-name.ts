import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'ReservedStageName',
  severity: 'warning',
  summary: 'The names context and scratch mean something else to the builder',
  bad: 'FROM debian:bookworm-slim AS context\nRUN make',
  good: 'FROM debian:bookworm-slim AS builder\nRUN make',
  check({ dockerfile: { stages } }) {
    return stages.flatMap(({ name, from }) => {
      if (name !== 'context' && name !== 'scratch') return [];
      const { line, column } = from.words[2] ?? from;
      return [{ line, column, message: `a stage can not be named '${name}', which the builder uses itself` }];
    });
  },
};
