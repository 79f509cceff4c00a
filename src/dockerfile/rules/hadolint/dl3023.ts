import type { Rule } from '../rule.ts';
import { at } from './findings.ts';
import { copySourceName, writtenName } from './stages.ts';

export const rule: Rule = {
  id: 'DL3023',
  severity: 'error',
  sameAs: 'parse',
  summary: 'A stage can not copy from itself',
  bad: 'FROM debian:bookworm-slim AS app\nCOPY --from=app /a /b',
  good: 'FROM debian:bookworm-slim AS app\nFROM debian:bookworm-slim\nCOPY --from=app /a /b',
  check({ dockerfile: { stages } }) {
    return stages.flatMap((stage) =>
      stage.instructions
        .filter((instruction) => instruction.keyword === 'COPY' && copySourceName(instruction) !== undefined)
        .filter((instruction) => copySourceName(instruction) === writtenName(stage))
        .map((instruction) => at(instruction, 'COPY --from names its own stage')),
    );
  },
};
