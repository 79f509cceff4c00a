import type { Rule } from '../rule.ts';
import { at } from './findings.ts';
import { copySourceName, writtenName } from './stages.ts';

export const rule: Rule = {
  id: 'DL3022',
  severity: 'warning',
  summary: 'A name that no stage has is an image to pull, or a mistake',
  bad: 'FROM debian:bookworm-slim\nCOPY --from=biulder /app /app',
  good: 'FROM debian:bookworm-slim AS builder\nRUN make\nFROM debian:bookworm-slim\nCOPY --from=builder /app /app',
  check({ dockerfile: { stages }, isFleetReference }) {
    return stages.flatMap(({ instructions, index }) =>
      instructions.flatMap((instruction) => {
        const source = instruction.keyword === 'COPY' ? copySourceName(instruction) : undefined;
        if (source === undefined || isFleetReference(source)) return [];
        // A tag says that an image is meant.
        if (source.includes(':') || (/^\d+$/.test(source) && Number(source) <= index)) return [];
        if (stages.slice(0, index + 1).some((stage) => writtenName(stage) === source)) return [];
        return [at(instruction, `'${source}' is no stage above`, 'name a stage, or an image with its tag')];
      }),
    );
  },
};
