import type { Rule } from '../rule.ts';
import { at } from './findings.ts';

export const rule: Rule = {
  id: 'DL3065',
  severity: 'warning',
  sameAs: 'RedundantTargetPlatform',
  summary: 'A stage is built for $TARGETPLATFORM anyway',
  bad: 'FROM --platform=$TARGETPLATFORM debian:bookworm-slim\nRUN true',
  good: 'FROM debian:bookworm-slim\nRUN true',
  check({ dockerfile: { stages } }) {
    return stages
      .filter(({ platform }) => platform === '$TARGETPLATFORM' || platform === '${TARGETPLATFORM}')
      .map(({ from, platform }) =>
        at(from, `--platform=${platform} is what a stage is built for anyway`, 'leave it out'),
      );
  },
};
