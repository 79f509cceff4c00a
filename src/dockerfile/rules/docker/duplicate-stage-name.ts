import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'DuplicateStageName',
  severity: 'warning',
  summary: 'Of two stages with one name, the first can no longer be named',
  bad: 'FROM debian:bookworm-slim AS builder\nRUN make\nFROM debian:bookworm-slim AS builder\nRUN make install',
  good: 'FROM debian:bookworm-slim AS builder\nRUN make\nFROM debian:bookworm-slim AS installer\nRUN make install',
  check({ dockerfile: { stages } }) {
    return stages.flatMap(({ name, from, index }) => {
      const earlier = stages.slice(0, index).findLast((stage) => name !== undefined && stage.name === name);
      if (earlier === undefined) return [];
      const { line, column } = from.words[2] ?? from;
      const message = `the stage name '${name}' is taken by line ${earlier.from.line}`;
      return [{ line, column, message, hint: 'give each stage a name of its own' }];
    });
  },
};
