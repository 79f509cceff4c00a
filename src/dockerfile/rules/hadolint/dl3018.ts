import { calls, plainArgs } from '../../scripts.ts';
import type { Rule } from '../rule.ts';
import { callsThat } from './findings.ts';

export const rule: Rule = {
  id: 'DL3018',
  severity: 'off',
  summary: 'With a version, a package of apk does not change; the rule no-exact-versions asks for the opposite',
  bad: 'FROM alpine:3\nRUN apk add curl',
  good: 'FROM alpine:3\nRUN apk add curl=~8',
  check(context) {
    return callsThat(
      context,
      (program) =>
        calls(program, 'apk', ['add']) &&
        plainArgs(program, ['t', 'virtual', 'repository', 'X']).some(
          (arg) => arg !== 'add' && !/[=~<>]|\.apk$/.test(arg),
        ),
      'apk adds a package without version',
    );
  },
};
