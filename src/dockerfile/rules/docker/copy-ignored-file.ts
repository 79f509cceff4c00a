import { copySources, evaluate } from '../../evaluation.ts';
import { cleanSource, type IgnorePattern, ignoredBy } from '../../ignore-file.ts';
import { isRemote } from '../../remote-sources.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'CopyIgnoredFile',
  severity: 'warning',
  summary: 'The builder does not see what .dockerignore leaves out, so the copy fails',
  bad: 'FROM debian:bookworm-slim\nCOPY secret.txt /etc/',
  good: 'FROM debian:bookworm-slim\nCOPY app.conf /etc/',
  example: { files: { '.dockerignore': '*.txt', 'app.conf': '', 'secret.txt': '' } },
  check(context) {
    const { patterns } = context.files;
    // What an exception takes back can't be told without looking at the files.
    if (patterns.length === 0 || patterns.some(({ exception }) => exception)) return [];
    return evaluate(context).steps.flatMap(({ instruction, place, words, triggered }) => {
      const { keyword, flags } = instruction;
      if (keyword !== 'ADD' && (keyword !== 'COPY' || flags.some(({ name }) => name === 'from'))) return [];
      return copySources(instruction, words)
        .filter((source) => !(keyword === 'ADD' && isRemote(source)) && isLeftOut(patterns, source))
        .map((source) => ({
          ...place,
          ...(triggered ? {} : { subject: instruction }),
          message: `.dockerignore leaves '${source}' out, which ${keyword} wants`,
        }));
    });
  },
};

function isLeftOut(patterns: readonly IgnorePattern[], source: string): boolean {
  const path = cleanSource(source);
  if ((path === '.' || path === '/') && !patterns.some(({ text }) => /^\/?(?:\*|\*\*|\*\*\/\*)$/.test(text)))
    return false;
  return ignoredBy(patterns, path) !== undefined;
}
