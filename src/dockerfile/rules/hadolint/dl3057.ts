import type { Stage } from '../../types.ts';
import type { Rule } from '../rule.ts';
import { at } from './findings.ts';
import { writtenBase, writtenName } from './stages.ts';

export const rule: Rule = {
  id: 'DL3057',
  severity: 'off',
  summary: 'An engine only knows that a container works when something asks it',
  bad: 'FROM debian:bookworm-slim\nRUN true',
  good: 'FROM debian:bookworm-slim\nHEALTHCHECK CMD ["curl", "-f", "http://localhost/"]',
  check({ dockerfile: { stages } }) {
    const good = new Set<string>();
    const bad = new Map<string, Stage>();
    for (const stage of stages) {
      const { name } = writtenBase(stage);
      const own = writtenName(stage) ?? name;
      const checked = stage.instructions.some(({ keyword }) => keyword === 'HEALTHCHECK');
      if (checked || good.has(name)) good.add(own);
      else bad.set(`${own} ${stage.from.line}`, stage);
    }
    return [...bad.values()].map(({ from }) => at(from, 'there is no HEALTHCHECK'));
  },
};
