import { argumentsOf } from '../../arguments.ts';
import type { Rule } from '../rule.ts';
import { at } from './findings.ts';

export const rule: Rule = {
  id: 'DL3066',
  severity: 'notice',
  summary: 'Kubernetes can only tell from a number that a user is not root',
  bad: 'FROM debian:bookworm-slim\nUSER app',
  good: 'FROM debian:bookworm-slim\nUSER 1000',
  check({ dockerfile: { instructions } }) {
    const declared: string[] = [];
    return instructions.flatMap((instruction) => {
      const { keyword, body } = instruction;
      if (keyword === 'ARG')
        declared.push(
          ...argumentsOf(instruction)
            .slice(0, 1)
            .map(({ name }) => name),
        );
      if (keyword !== 'USER' || /^\d*(?::|$)/.test(body.text)) return [];
      // What a build argument says may well be a number.
      const given = declared.some((name) => body.text.includes(`$${name}`) || body.text.includes(`\${${name}}`));
      return given ? [] : [at(instruction, 'USER is not a number')];
    });
  },
};
