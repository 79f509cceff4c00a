import type { Rule } from '../rule.ts';
import { at } from './findings.ts';

export const rule: Rule = {
  id: 'DL4000',
  severity: 'error',
  sameAs: 'MaintainerDeprecated',
  summary: 'MAINTAINER is deprecated, and a label can be read from outside',
  bad: 'FROM debian:bookworm-slim\nMAINTAINER team@example.org',
  good: 'FROM debian:bookworm-slim\nLABEL org.opencontainers.image.authors="team@example.org"',
  check({ dockerfile: { stages } }) {
    return stages
      .flatMap(({ instructions }) => instructions)
      .filter(({ keyword }) => keyword === 'MAINTAINER')
      .map((instruction) =>
        at(instruction, 'MAINTAINER is deprecated', 'write LABEL org.opencontainers.image.authors='),
      );
  },
};
