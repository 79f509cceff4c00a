import { exposedPorts } from '../../evaluation.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'ExposeInvalidFormat',
  severity: 'warning',
  summary: 'EXPOSE is about the container alone: addresses and ports of the host are ignored, and will be refused',
  bad: 'FROM debian:bookworm-slim\nEXPOSE 127.0.0.1:80:80',
  good: 'FROM debian:bookworm-slim\nEXPOSE 80',
  check(context) {
    return exposedPorts(context)
      .filter(({ port: { address, hostPort } }) => address !== '' || hostPort !== '')
      .map(({ text, place, subject }) => ({
        ...place,
        ...subject,
        message: `'${text}' names an address or a port of the host`,
        hint: 'write the port of the container alone',
      }));
  },
};
