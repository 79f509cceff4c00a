import { argumentsOf } from '../../arguments.ts';
import { pairsOf } from '../../scope.ts';
import type { Rule } from '../rule.ts';
import { at } from './findings.ts';
import { unquoted } from './stages.ts';

export const rule: Rule = {
  id: 'DL3044',
  severity: 'error',
  summary: 'Variables of an ENV are not set yet while it is read',
  bad: 'FROM debian:bookworm-slim\nENV HOME=/app CONFIG=$HOME/etc',
  good: 'FROM debian:bookworm-slim\nENV HOME=/app\nENV CONFIG=$HOME/etc',
  check({ dockerfile: { stages } }) {
    const known = new Set<string>();
    return stages
      .flatMap(({ instructions }) => instructions)
      .flatMap((instruction) => {
        if (instruction.keyword === 'ARG') for (const { name } of argumentsOf(instruction)) known.add(name);
        if (instruction.keyword !== 'ENV') return [];
        const pairs = pairsOf(instruction).map(([name, value]) => [name, unquoted(value)] as const);
        const own = pairs.filter(
          ([name], index) =>
            !known.has(name) && pairs.some(([, value], other) => other !== index && mentions(value, name)),
        );
        for (const [name] of pairs) known.add(name);
        return own.length === 0
          ? []
          : [at(instruction, `ENV uses '${own[0]?.[0]}', which it only sets itself`, 'use two instructions')];
      });
  },
};

function mentions(value: string, name: string): boolean {
  const [, ...behind] = value.split(`$${name}`);
  return value.includes(`\${${name}}`) || behind.some((text) => !/^\w/.test(text));
}
