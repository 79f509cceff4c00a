import type { Rule } from '../rule.ts';
import { at } from './findings.ts';

export const rule: Rule = {
  id: 'DL3029',
  severity: 'warning',
  sameAs: 'FromPlatformFlagConstDisallowed',
  summary: 'A fixed platform in FROM gives an image for one platform under the name of all',
  bad: 'FROM --platform=linux/amd64 debian:bookworm-slim\nRUN true',
  good: 'FROM --platform=$BUILDPLATFORM debian:bookworm-slim\nRUN true',
  check({ dockerfile: { stages } }) {
    return stages
      .filter(
        ({ platform }) => platform !== undefined && platform !== '' && !/BUILDPLATFORM|TARGETPLATFORM/.test(platform),
      )
      .map(({ from, platform }) => at(from, `FROM has --platform=${platform}`, 'leave it out, or use $BUILDPLATFORM'));
  },
};
