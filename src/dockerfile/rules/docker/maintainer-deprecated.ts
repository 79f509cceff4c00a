import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'MaintainerDeprecated',
  severity: 'warning',
  summary: 'MAINTAINER is deprecated, and a label can be read from outside',
  bad: 'FROM debian:bookworm-slim\nMAINTAINER team@example.org',
  good: 'FROM debian:bookworm-slim\nLABEL org.opencontainers.image.authors="team@example.org"',
  check({ dockerfile: { instructions } }) {
    return instructions
      .filter(({ keyword }) => keyword === 'MAINTAINER')
      .map((subject) => ({
        line: subject.line,
        column: subject.column,
        subject,
        message: 'MAINTAINER is deprecated',
        hint: 'write LABEL org.opencontainers.image.authors=',
      }));
  },
};
