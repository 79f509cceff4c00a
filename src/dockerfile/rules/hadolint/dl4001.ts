import { scriptsOf } from '../../scripts.ts';
import type { Rule } from '../rule.ts';
import { at } from './findings.ts';

export const rule: Rule = {
  id: 'DL4001',
  severity: 'warning',
  summary: 'One of wget and curl is enough',
  bad: 'FROM debian:bookworm-slim\nRUN wget -q https://example.org/a && curl -O https://example.org/b',
  good: 'FROM debian:bookworm-slim\nRUN curl -O https://example.org/a && curl -O https://example.org/b',
  check({ dockerfile }) {
    return dockerfile.stages.flatMap((stage) => {
      const used = new Set<string>();
      const triggered = new Set<string>();
      return scriptsOf(dockerfile)
        .filter((script) => script.stage === stage)
        .filter(({ outer, run, programs }) => {
          const own = programs.map(({ name }) => name).filter((name) => name === 'wget' || name === 'curl');
          const seen = outer === run ? used : triggered;
          for (const name of own) seen.add(name);
          return own.length > 0 && seen.size > 1;
        })
        .map(({ outer }) => at(outer, 'both wget and curl are used', 'use one of them'));
    });
  },
};
