import type { Rule } from '../rule.ts';
import { at } from './findings.ts';
import { unquoted } from './stages.ts';

export const rule: Rule = {
  id: 'DL3000',
  severity: 'error',
  sameAs: 'WorkdirRelativePath',
  summary: 'A relative path goes on from the folder of the base image, which may change',
  bad: 'FROM debian:bookworm-slim\nWORKDIR app',
  good: 'FROM debian:bookworm-slim\nWORKDIR /app',
  check({ dockerfile: { stages } }) {
    return stages
      .flatMap(({ instructions }) => instructions)
      .filter(({ keyword, body }) => keyword === 'WORKDIR' && !/^(?:[$/]|[a-z]:)/i.test(unquoted(body.text)))
      .map((instruction) => at(instruction, `the WORKDIR '${instruction.body.text}' is relative`, 'begin with /'));
  },
};
