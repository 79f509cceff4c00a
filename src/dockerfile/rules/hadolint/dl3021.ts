import type { Rule } from '../rule.ts';
import { at } from './findings.ts';
import { copyPaths, unquoted } from './stages.ts';

export const rule: Rule = {
  id: 'DL3021',
  severity: 'error',
  summary: 'Several files can only go into a folder, which a / at the end says',
  bad: 'FROM debian:bookworm-slim\nCOPY app.conf src /app',
  good: 'FROM debian:bookworm-slim\nCOPY app.conf src /app/',
  example: { files: { 'app.conf': '', src: '' } },
  check({ dockerfile: { stages } }) {
    return stages
      .flatMap(({ instructions }) => instructions)
      .filter((instruction) => {
        const { sources, target } = copyPaths(instruction);
        return instruction.keyword === 'COPY' && sources.length > 1 && !unquoted(target).endsWith('/');
      })
      .map((instruction) => at(instruction, 'COPY of several sources to what does not end with /', 'end it with /'));
  },
};
