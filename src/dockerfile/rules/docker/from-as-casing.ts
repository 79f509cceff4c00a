import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'FromAsCasing',
  severity: 'warning',
  summary: 'Keywords in one casing are easier to read',
  bad: 'FROM debian:bookworm-slim as builder\nRUN make',
  good: 'FROM debian:bookworm-slim AS builder\nRUN make',
  check({ dockerfile: { stages } }) {
    return stages.flatMap(({ from }) => {
      const [, as, name] = from.words;
      const { written } = from;
      const lower = written === written.toLowerCase();
      // Of a keyword in mixed casing, ConsistentInstructionCasing speaks.
      if (as === undefined || name === undefined || !(lower || written === written.toUpperCase())) return [];
      const wanted = lower ? as.text.toLowerCase() : as.text.toUpperCase();
      if (as.text === wanted) return [];
      const { line, column, text } = as;
      return [
        {
          line,
          column,
          subject: from,
          message: `'${text}' and '${written}' differ in casing`,
          hint: `write ${wanted}`,
        },
      ];
    });
  },
};
