import type { Rule } from '../rule.ts';
import { at } from './findings.ts';
import { writtenName } from './stages.ts';

export const rule: Rule = {
  id: 'DL3024',
  severity: 'error',
  sameAs: 'DuplicateStageName',
  summary: 'Of two stages with one name, the first can no longer be named',
  bad: 'FROM debian:bookworm-slim AS a\nFROM debian:bookworm-slim AS a\n',
  good: 'FROM debian:bookworm-slim AS a\nFROM debian:bookworm-slim AS b\n',
  check({ dockerfile: { stages } }) {
    return stages.flatMap((stage) => {
      const name = writtenName(stage);
      const taken = name !== undefined && stages.slice(0, stage.index).some((other) => writtenName(other) === name);
      return taken ? [at(stage.from, `the stage name '${name}' is taken`)] : [];
    });
  },
};
