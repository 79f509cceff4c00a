import type { Rule } from '../rule.ts';
import { at } from './findings.ts';
import { labelsOf } from './labels.ts';

export const rule: Rule = {
  id: 'DL3048',
  severity: 'notice',
  summary: 'Keys of labels have a form that tools agree on',
  bad: 'FROM debian:bookworm-slim\nLABEL Maintainer..Name=team',
  good: 'FROM debian:bookworm-slim\nLABEL maintainer-name=team',
  check({ dockerfile: { stages } }) {
    return stages
      .flatMap(({ instructions }) => instructions)
      .filter((instruction) => labelsOf(instruction).some(([key]) => !isKey(key)))
      .map((instruction) => at(instruction, 'LABEL has a key that is not valid', 'use a-z, 0-9, dots and dashes'));
  },
};

/** https://docs.docker.com/engine/manage-resources/labels/#key-format-recommendations */
function isKey(key: string): boolean {
  const reserved = /^(?:com\.docker|io\.docker|org\.dockerproject)\./;
  return /^[a-z](?:[a-z0-9._/-]*[a-z0-9])?$/.test(key) && !/\.\.|--/.test(key) && !reserved.test(key);
}
