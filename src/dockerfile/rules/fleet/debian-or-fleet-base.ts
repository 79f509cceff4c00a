import { repositoryOf, tryReference } from '../../../images/reference.ts';
import { baseOf } from '../../upstreams.ts';
import type { Rule, RuleFinding } from '../rule.ts';

export const rule: Rule = {
  id: 'debian-or-fleet-base',
  severity: 'error',
  summary: 'Images that stand on Debian or on each other share layers, packages and security updates',
  bad: 'FROM alpine:3.20\nRUN apk add curl',
  good: 'FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y curl',
  check({ dockerfile, image, options, isFleetReference }) {
    const findings = new Map<string, RuleFinding>();
    for (const platform of image.platforms) {
      const base = baseOf(dockerfile, image.buildArgs, image.target, platform);
      if (base === undefined || isAllowed(base.reference)) continue;
      findings.set(base.reference, {
        line: base.line,
        column: base.column,
        message: `the image stands on '${base.reference}', which is neither Debian nor of the fleet`,
        hint: 'build on debian or on an image of the fleet, or list the repository in allowed-bases',
      });
    }
    return [...findings.values()];

    function isAllowed(written: string): boolean {
      const reference = tryReference(written);
      // A reference that can't be read is the business of the rule `parse`.
      if (reference === undefined && written !== 'scratch') return true;
      const repository = reference === undefined || written === 'scratch' ? written : repositoryOf(reference);
      return (
        isFleetReference(written) ||
        /\/library\/debian$/.test(repository) ||
        options.allowedBases.some((allowed) => allowed === repository || repositoryText(allowed) === repository)
      );
    }
  },
};

function repositoryText(text: string): string | undefined {
  const reference = tryReference(text);
  return reference === undefined ? undefined : repositoryOf(reference);
}
