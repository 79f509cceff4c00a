import type { Rule } from '../rule.ts';
import { at } from './findings.ts';

export const rule: Rule = {
  id: 'DL3025',
  severity: 'warning',
  sameAs: 'JSONArgsRecommended',
  summary: 'Without JSON a shell stands between the engine and the program, which gets no signals then',
  bad: 'FROM debian:bookworm-slim\nCMD my-program start',
  good: 'FROM debian:bookworm-slim\nCMD ["my-program", "start"]',
  check({ dockerfile: { stages } }) {
    return stages
      .flatMap(({ instructions }) => instructions)
      .filter(({ keyword, json, words }) => {
        if (keyword === 'HEALTHCHECK') return !json && !/^NONE$/i.test(words[0]?.text ?? '');
        return /^(?:CMD|ENTRYPOINT)$/.test(keyword) && !json;
      })
      .map((instruction) =>
        at(instruction, `${instruction.keyword} is not in JSON form`, 'write ["program", "argument"]'),
      );
  },
};
