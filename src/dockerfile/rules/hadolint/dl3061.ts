import type { Rule } from '../rule.ts';
import { at } from './findings.ts';

export const rule: Rule = {
  id: 'DL3061',
  severity: 'error',
  sameAs: 'parse',
  summary: 'Nothing but ARG can stand before the first FROM',
  bad: 'RUN true\nFROM debian:bookworm-slim\n',
  good: 'ARG TAG=1\nFROM debian:bookworm-slim\n',
  check({ dockerfile: { instructions } }) {
    const first = instructions.findIndex(({ keyword }) => keyword === 'FROM');
    return instructions
      .slice(0, first < 0 ? instructions.length : first)
      .filter(({ keyword }) => keyword !== 'ARG')
      .map((instruction) => at(instruction, `${instruction.keyword} stands before the first FROM`));
  },
};
