import { evaluate, type Step } from '../../evaluation.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'MultipleInstructionsDisallowed',
  severity: 'warning',
  summary: 'Only the last CMD, ENTRYPOINT and HEALTHCHECK of a stage count',
  bad: 'FROM debian:bookworm-slim\nENTRYPOINT ["one"]\nENTRYPOINT ["two"]',
  good: 'FROM debian:bookworm-slim\nENTRYPOINT ["one"]\nCMD ["two"]',
  check(context) {
    const last = new Map<string, Step>();
    return evaluate(context).steps.flatMap((step) => {
      const { stage, instruction, triggered } = step;
      if (!/^(?:CMD|ENTRYPOINT|HEALTHCHECK)$/.test(instruction.keyword)) return [];
      const key = `${stage.index} ${instruction.keyword}`;
      const earlier = last.get(key);
      last.set(key, step);
      if (earlier === undefined) return [];
      const message = `this ${instruction.keyword} does not count, line ${step.place.line} has another`;
      return [
        { ...earlier.place, ...(triggered ? {} : { subject: instruction }), message, hint: 'keep one in each stage' },
      ];
    });
  },
};
