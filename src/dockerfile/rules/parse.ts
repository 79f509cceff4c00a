import { resolveReferences, stageProblem } from '../upstreams.ts';
import type { Rule } from './rule.ts';

export const rule: Rule = {
  id: 'parse',
  severity: 'error',
  summary: 'The builder stops at a Dockerfile that it can not read',
  bad: 'FROM debian:bookworm-slim\nRUM apt-get update',
  good: 'FROM debian:bookworm-slim\nRUN apt-get update',
  check({ dockerfile, image: { target, buildArgs, platforms } }) {
    const unknownTarget = stageProblem(dockerfile, target);
    if (unknownTarget !== undefined) return [...dockerfile.problems, unknownTarget];
    return [...dockerfile.problems, ...resolveReferences(dockerfile, buildArgs, target, { platforms }).problems];
  },
};
