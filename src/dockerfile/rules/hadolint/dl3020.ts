import type { Rule } from '../rule.ts';
import { at } from './findings.ts';
import { copyPaths, isArchive, unquoted } from './stages.ts';

export const rule: Rule = {
  id: 'DL3020',
  severity: 'error',
  summary: 'COPY does what it says; ADD also downloads and unpacks',
  bad: 'FROM debian:bookworm-slim\nADD app.conf /etc/',
  good: 'FROM debian:bookworm-slim\nCOPY app.conf /etc/',
  example: { files: { 'app.conf': '' } },
  check({ dockerfile: { stages } }) {
    return stages
      .flatMap(({ instructions }) => instructions)
      .filter((instruction) => instruction.keyword === 'ADD' && !copyPaths(instruction).sources.every(isForAdd))
      .map((instruction) => at(instruction, 'ADD of plain files', 'use COPY'));
  },
};

function isForAdd(source: string): boolean {
  return isArchive(source) || /^https?:\/\//.test(unquoted(source));
}
