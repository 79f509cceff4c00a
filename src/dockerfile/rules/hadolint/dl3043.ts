import type { Rule } from '../rule.ts';
import { at } from './findings.ts';

export const rule: Rule = {
  id: 'DL3043',
  severity: 'error',
  sameAs: 'parse',
  summary: 'ONBUILD can not be followed by ONBUILD, FROM or MAINTAINER',
  bad: 'FROM debian:bookworm-slim\nONBUILD FROM debian',
  good: 'FROM debian:bookworm-slim\nONBUILD RUN true',
  check({ dockerfile: { stages } }) {
    return stages
      .flatMap(({ instructions }) => instructions)
      .filter(({ trigger }) => /^(?:ONBUILD|FROM|MAINTAINER)$/.test(trigger?.keyword ?? ''))
      .map((instruction) => at(instruction, `ONBUILD can't be followed by ${instruction.trigger?.keyword}`));
  },
};
