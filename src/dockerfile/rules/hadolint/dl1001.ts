import { isIgnorePragma } from '../../ignore-comments.ts';
import type { Rule } from '../rule.ts';
import { at } from './findings.ts';

export const rule: Rule = {
  id: 'DL1001',
  severity: 'off',
  summary: 'An ignore comment hides a problem that can be put right',
  bad: 'FROM debian:bookworm-slim\n# hadolint ignore=DL3003\nRUN cd /app && make',
  good: 'FROM debian:bookworm-slim\nWORKDIR /app\nRUN make',
  check({ dockerfile: { comments } }) {
    return comments
      .filter(({ text }) => isIgnorePragma(text))
      .map((comment) => at(comment, 'an ignore comment', 'put right what it hides'));
  },
};
