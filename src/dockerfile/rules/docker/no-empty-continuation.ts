import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'NoEmptyContinuation',
  severity: 'warning',
  summary: 'Builders will refuse an empty line within an instruction one day',
  bad: 'FROM debian:bookworm-slim\nRUN apt-get update && \\\n\n    apt-get install -y curl',
  good: 'FROM debian:bookworm-slim\nRUN apt-get update && \\\n    # what the image is for\n    apt-get install -y curl',
  check({ dockerfile: { instructions } }) {
    return instructions
      .filter(({ emptyContinuation }) => emptyContinuation)
      .map(({ keyword, lastLine }) => ({
        line: lastLine,
        column: 1,
        message: `${keyword} is continued over an empty line`,
        hint: 'remove the line, or put a # on it',
      }));
  },
};
