import { checkDirectiveProblem } from '../../check-directives.ts';
import { evaluate, globalsOf } from '../../evaluation.ts';
import { parsePlatform } from '../../platforms.ts';
import type { ParseProblem } from '../../types.ts';
import { expandValue, resolveReferences, stageProblem } from '../../upstreams.ts';
import type { Rule, RuleContext } from '../rule.ts';

export const rule: Rule = {
  id: 'parse',
  severity: 'error',
  summary: 'The builder stops at a Dockerfile that it can not read',
  bad: 'FROM debian:bookworm-slim\nRUM apt-get update',
  good: 'FROM debian:bookworm-slim\nRUN apt-get update',
  check(context) {
    const { dockerfile, image } = context;
    const { target, buildArgs, platforms } = image;
    const unknownTarget = stageProblem(dockerfile, target);
    if (unknownTarget !== undefined) return [...dockerfile.problems, unknownTarget];
    const directive = checkDirectiveProblem(dockerfile, buildArgs);
    const found = [
      ...dockerfile.problems,
      ...(directive === undefined ? [] : [directive]),
      ...resolveReferences(dockerfile, buildArgs, target, { platforms }).problems,
    ];
    // What can't be read can't be followed either.
    return found.length > 0 ? found : [...platformProblems(context), ...evaluate(context).problems];
  },
};

function platformProblems(context: RuleContext): readonly ParseProblem[] {
  const globals = globalsOf(context);
  return context.dockerfile.stages.flatMap(({ platform, base: { line, column } }) => {
    // An empty one is none.
    if (platform === undefined || platform === '') return [];
    const value = expandValue(context.dockerfile.escape, platform, globals);
    if (parsePlatform(value) !== undefined) return [];
    return [
      {
        line,
        column,
        message: `--platform=${platform} is no platform`,
        hint: 'write os/architecture, such as linux/amd64',
      },
    ];
  });
}
