import type { Rule } from '../rule.ts';
import { at } from './findings.ts';
import { writtenBase, writtenParent } from './stages.ts';

export const rule: Rule = {
  id: 'DL3006',
  severity: 'warning',
  sameAs: 'no-foreign-latest',
  summary: 'Without a tag, an image is the latest one, whatever that is that day',
  bad: 'FROM ghcr.io/acme/runtime AS runtime\nFROM python\nCOPY --from=runtime /a /a',
  good: 'FROM debian:bookworm-slim\nRUN true',
  check({ dockerfile, isFleetReference }) {
    return dockerfile.stages.flatMap((stage) => {
      const { name, tag, digest } = writtenBase(stage);
      if (name === 'scratch' || tag !== undefined || digest !== undefined) return [];
      if (name.startsWith('$') || writtenParent(dockerfile, stage) !== undefined || isFleetReference(stage.base.text))
        return [];
      return [at(stage.from, `'${stage.base.text}' has no tag`, 'name the release that is meant')];
    });
  },
};
