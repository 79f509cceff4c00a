import { calls, keepsOut, scriptsOf } from '../../scripts.ts';
import type { Rule } from '../rule.ts';
import { at } from './findings.ts';
import { goesOn } from './stages.ts';

export const rule: Rule = {
  id: 'DL3060',
  severity: 'notice',
  summary: 'What yarn keeps for the next time is part of the image for ever',
  bad: 'FROM debian:bookworm-slim\nRUN yarn install',
  good: 'FROM debian:bookworm-slim\nRUN yarn install && yarn cache clean',
  check({ dockerfile }) {
    return scriptsOf(dockerfile)
      .filter(({ stage, outer, run, programs }) => {
        if (keepsOut(run, /\.cache\/yarn/) || !(outer !== run || goesOn(dockerfile, stage))) return false;
        const installs = programs.findIndex((program) => calls(program, 'yarn', ['install']));
        const cleans = programs.findIndex((program) => calls(program, 'yarn', ['cache', 'clean']));
        return installs >= 0 && cleans <= installs;
      })
      .map(({ outer }) => at(outer, 'yarn leaves its cache behind', 'end the RUN with yarn cache clean'));
  },
};
