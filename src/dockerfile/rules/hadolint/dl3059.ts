import { scriptsOf } from '../../scripts.ts';
import type { Instruction } from '../../types.ts';
import type { Rule } from '../rule.ts';
import { at } from './findings.ts';

export const rule: Rule = {
  id: 'DL3059',
  severity: 'notice',
  summary: 'Each RUN is a layer, and what a later one deletes stays in the one before',
  bad: 'FROM debian:bookworm-slim\nRUN make\nRUN make install',
  good: 'FROM debian:bookworm-slim\nRUN make && make install',
  check({ dockerfile }) {
    const counts = new Map(scriptsOf(dockerfile).map(({ outer, programs }) => [outer, programs.length]));
    return dockerfile.stages.flatMap(({ instructions }) => {
      let before: Instruction | undefined;
      return instructions.flatMap((instruction) => {
        const last = before;
        before = undefined;
        if (instruction.keyword !== 'RUN') return [];
        const joins = last !== undefined && flagsOf(last) === flagsOf(instruction);
        const long = (run: Instruction | undefined): boolean => run !== undefined && (counts.get(run) ?? 0) > 1;
        before = instruction;
        if (!joins || long(instruction) || long(last)) return [];
        before = last;
        return [at(instruction, 'RUN follows on RUN', 'join them with &&')];
      });
    });
  },
};

function flagsOf({ flags }: Instruction): string {
  return flags
    .map(({ name, value = '' }) => `${name}=${value}`)
    .toSorted()
    .join(' ');
}
