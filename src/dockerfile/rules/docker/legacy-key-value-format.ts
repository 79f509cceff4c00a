import { evaluate } from '../../evaluation.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'LegacyKeyValueFormat',
  severity: 'warning',
  summary: 'The old form takes all that follows for one value',
  bad: 'FROM debian:bookworm-slim\nENV DIR /app',
  good: 'FROM debian:bookworm-slim\nENV DIR=/app',
  check(context) {
    return evaluate(context).steps.flatMap(({ instruction, place, triggered }) => {
      const [first] = instruction.words;
      const { keyword } = instruction;
      if ((keyword !== 'ENV' && keyword !== 'LABEL') || first === undefined || first.text.includes('=')) return [];
      const message = `${keyword} separates name and value with a space`;
      return [
        {
          ...place,
          ...(triggered ? {} : { subject: instruction }),
          message,
          hint: `write ${keyword} ${first.text}=value`,
        },
      ];
    });
  },
};
