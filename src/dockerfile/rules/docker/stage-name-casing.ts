import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'StageNameCasing',
  severity: 'warning',
  summary: 'Stage names are compared in lower case, so an upper case letter only misleads',
  bad: 'FROM debian:bookworm-slim AS BuildBase\nRUN make',
  good: 'FROM debian:bookworm-slim AS build-base\nRUN make',
  check({ dockerfile: { stages } }) {
    return stages.flatMap(({ from }) => {
      const name = from.words.length === 3 ? from.words[2] : undefined;
      if (name === undefined || name.text === name.text.toLowerCase()) return [];
      const { line, column, text } = name;
      return [{ line, column, subject: from, message: `the stage name '${text}' is not in lower case` }];
    });
  },
};
