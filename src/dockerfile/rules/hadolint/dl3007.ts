import type { Stage } from '../../types.ts';
import type { Rule } from '../rule.ts';
import { at } from './findings.ts';
import { writtenBase } from './stages.ts';

export const rule: Rule = {
  id: 'DL3007',
  severity: 'warning',
  sameAs: 'no-foreign-latest',
  summary: 'What latest is changes from one release to the next, without a word',
  bad: 'FROM python:latest\nRUN true',
  good: 'FROM debian:bookworm-slim\nRUN true',
  check({ dockerfile: { stages }, isFleetReference }) {
    return stages
      .filter((stage) => isLatest(stage) && !isFleetReference(stage.base.text))
      .map(({ from, base }) => at(from, `'${base.text}' is tagged latest`, 'name the release that is meant'));
  },
};

function isLatest(stage: Stage): boolean {
  const { tag, digest } = writtenBase(stage);
  return tag === 'latest' && digest === undefined;
}
