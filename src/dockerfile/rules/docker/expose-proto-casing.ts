import { exposedPorts } from '../../evaluation.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'ExposeProtoCasing',
  severity: 'warning',
  summary: 'Protocols are written in lower case everywhere else',
  bad: 'FROM debian:bookworm-slim\nEXPOSE 80/TcP',
  good: 'FROM debian:bookworm-slim\nEXPOSE 80/tcp',
  check(context) {
    return exposedPorts(context)
      .filter(({ port: { protocol } }) => protocol !== protocol.toLowerCase())
      .map(({ text, place, subject }) => ({
        ...place,
        ...subject,
        message: `the protocol of '${text}' is not in lower case`,
      }));
  },
};
