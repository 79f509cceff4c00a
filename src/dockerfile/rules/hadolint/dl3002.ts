import type { Rule } from '../rule.ts';
import { at } from './findings.ts';

export const rule: Rule = {
  id: 'DL3002',
  severity: 'warning',
  summary: 'Who breaks out of a program that runs as root is root in the container',
  bad: 'FROM debian:bookworm-slim\nUSER 1000\nRUN make\nUSER root',
  good: 'FROM debian:bookworm-slim\nUSER root\nRUN make install\nUSER 1000',
  check({ dockerfile: { stages } }) {
    return stages.flatMap(({ instructions }) => {
      // The builder counts the last one; this looks for a user who is not root anywhere in the stage's end.
      const users = instructions.filter(({ keyword }) => keyword === 'USER');
      const last = users.at(-1);
      return last !== undefined && isRoot(last.body.text) ? [at(last, 'the last USER is root')] : [];
    });
  },
};

function isRoot(user: string): boolean {
  return /^(?:root|0)(?::|$)/.test(user);
}
