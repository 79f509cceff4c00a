import { evaluate, parentOf } from '../../evaluation.ts';
import type { Stage } from '../../types.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'WorkdirRelativePath',
  severity: 'warning',
  summary: 'A relative path goes on from the folder of the base image, which may change',
  bad: 'FROM debian:bookworm-slim\nWORKDIR app',
  good: 'FROM debian:bookworm-slim\nWORKDIR /app',
  check(context) {
    const moved = new Set<Stage>();
    return evaluate(context).steps.flatMap(({ stage, instruction, place, words, triggered }) => {
      if (instruction.keyword !== 'WORKDIR') return [];
      const parent = parentOf(context, stage);
      const first = !moved.has(stage) && !(parent !== undefined && moved.has(parent));
      moved.add(stage);
      const [path = ''] = words;
      if (!first || path.startsWith('/')) return [];
      const message = `the WORKDIR '${path}' is relative, and no absolute one stands before it`;
      return [{ ...place, ...(triggered ? {} : { subject: instruction }), message, hint: 'begin with /' }];
    });
  },
};
