import type { Rule } from '../rule.ts';
import { at } from './findings.ts';
import { copyPaths, copySourceName, unquoted } from './stages.ts';

export const rule: Rule = {
  id: 'DL3067',
  severity: 'warning',
  summary: 'All files of another stage are more than anybody needs, and hide those of this one',
  bad: 'FROM debian:bookworm-slim AS a\nRUN true\nFROM debian:bookworm-slim\nCOPY --from=a / /',
  good: 'FROM debian:bookworm-slim AS a\nRUN true\nFROM debian:bookworm-slim\nCOPY --from=a /opt/app /opt/app',
  check({ dockerfile: { stages } }) {
    return stages
      .flatMap(({ instructions }) => instructions)
      .filter((instruction) => {
        const { sources, target } = copyPaths(instruction);
        const whole = sources.some((source) => unquoted(source) === '/') && unquoted(target) === '/';
        return instruction.keyword === 'COPY' && copySourceName(instruction) !== undefined && whole;
      })
      .map((instruction) => at(instruction, 'COPY takes all files of another stage', 'name those that are needed'));
  },
};
