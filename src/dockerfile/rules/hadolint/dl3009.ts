import { calls, keepsOut, scriptsOf } from '../../scripts.ts';
import type { Rule } from '../rule.ts';
import { at } from './findings.ts';
import { goesOn } from './stages.ts';

export const rule: Rule = {
  id: 'DL3009',
  severity: 'notice',
  summary: 'The lists of apt-get are out of date tomorrow, and part of the image for ever',
  bad: 'FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y curl',
  good: 'FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*',
  check({ dockerfile }) {
    return scriptsOf(dockerfile)
      .filter(({ run, programs }) => {
        if (keepsOut(run, /^\/var\/lib\/apt\/lists/)) return false;
        if (keepsOut(run, /^\/var\/lib\/apt/) && keepsOut(run, /^\/var\/cache\/apt/)) return false;
        return (
          programs.some((program) => calls(program, ['apt-get', 'apt', 'aptitude'], ['update'])) &&
          !programs.some((program) => calls(program, 'rm', ['-rf', '/var/lib/apt/lists/*']))
        );
      })
      .filter(({ stage, outer, run }) => outer !== run || goesOn(dockerfile, stage))
      .map(({ outer }) =>
        at(outer, 'the lists of apt-get stay in the image', 'end the RUN with rm -rf /var/lib/apt/lists/*'),
      );
  },
};
