import type { Rule } from '../rule.ts';
import { at } from './findings.ts';
import { writtenName } from './stages.ts';

export const rule: Rule = {
  id: 'DL3063',
  severity: 'warning',
  sameAs: 'ReservedStageName',
  summary: 'The names context and scratch mean something else to the builder',
  bad: 'FROM debian:bookworm-slim AS context\nRUN true',
  good: 'FROM debian:bookworm-slim AS builder\nRUN true',
  check({ dockerfile: { stages } }) {
    return stages
      .filter((stage) => /^(?:context|scratch)$/.test(writtenName(stage) ?? ''))
      .map((stage) => at(stage.from, `a stage can not be named '${writtenName(stage)}'`));
  },
};
