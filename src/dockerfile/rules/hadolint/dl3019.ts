import { calls, hasFlag, keepsOut } from '../../scripts.ts';
import type { Rule } from '../rule.ts';
import { scriptsThat } from './findings.ts';

export const rule: Rule = {
  id: 'DL3019',
  severity: 'notice',
  summary: 'The lists of apk are out of date tomorrow, and part of the image for ever',
  bad: 'FROM alpine:3\nRUN apk add curl',
  good: 'FROM alpine:3\nRUN apk add --no-cache curl',
  check(context) {
    return scriptsThat(
      context,
      ({ run, programs }) =>
        !keepsOut(run, /^\/var\/cache\/apk/) &&
        programs.some((program) => calls(program, 'apk', ['add']) && !hasFlag(program, 'no-cache')),
      'apk add without --no-cache',
      'add it',
    );
  },
};
