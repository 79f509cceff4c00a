import { formatReference, tryReference } from '../../../images/reference.ts';
import { resolveReferences } from '../../upstreams.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'no-foreign-latest',
  severity: 'error',
  summary: 'The latest image of somebody else may be the next major release tomorrow',
  bad: 'FROM debian:latest\nRUN true',
  good: 'FROM debian:bookworm-slim\nRUN true',
  check({ dockerfile, image: { buildArgs, target, platforms }, isFleetReference }) {
    return resolveReferences(dockerfile, buildArgs, target, { platforms }).references.flatMap(
      ({ reference: written, line, column }) => {
        const reference = tryReference(written);
        if (reference === undefined || reference.digest !== undefined || isFleetReference(written)) return [];
        if (!formatReference(reference).endsWith(':latest')) return [];
        const how = reference.tag === undefined ? 'has no tag, so it is' : 'is';
        const hint = 'name the release that is meant, such as debian:bookworm-slim';
        return [{ line, column, message: `'${written}' ${how} the latest of an image that is not of the fleet`, hint }];
      },
    );
  },
};
