import { hasFlag } from '../../scripts.ts';
import type { Rule } from '../rule.ts';
import { callsThat } from './findings.ts';

export const rule: Rule = {
  id: 'DL3047',
  severity: 'notice',
  summary: 'The progress bar of wget fills the log',
  bad: 'FROM debian:bookworm-slim\nRUN wget https://example.org/file',
  good: 'FROM debian:bookworm-slim\nRUN wget --progress=dot:giga https://example.org/file',
  check(context) {
    return callsThat(
      context,
      (program) =>
        program.name === 'wget' &&
        !hasFlag(program, 'progress', 'q', 'quiet', 'o', 'output-file', 'a', 'append-output', 'no-verbose') &&
        !program.args.includes('-nv'),
      'wget shows its progress bar',
      'add --progress=dot:giga, or -q',
    );
  },
};
