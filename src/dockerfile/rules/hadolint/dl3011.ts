import type { Rule } from '../rule.ts';
import { at } from './findings.ts';

export const rule: Rule = {
  id: 'DL3011',
  severity: 'error',
  sameAs: 'parse',
  summary: 'Ports go from 0 to 65535',
  bad: 'FROM debian:bookworm-slim\nEXPOSE 80000',
  good: 'FROM debian:bookworm-slim\nEXPOSE 8000',
  check({ dockerfile: { stages } }) {
    return stages
      .flatMap(({ instructions }) => instructions)
      .filter(({ keyword, words }) => keyword === 'EXPOSE' && words.some(({ text }) => isTooHigh(text)))
      .map((instruction) => at(instruction, 'EXPOSE has a port above 65535'));
  },
};

function isTooHigh(port: string): boolean {
  return [...port.replace(/\/.*$/s, '').matchAll(/(?<![\w$])\d+(?!\w)/g)].some(([number]) => Number(number) > 65535);
}
