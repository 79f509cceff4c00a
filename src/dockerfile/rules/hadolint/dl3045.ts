import type { Rule } from '../rule.ts';
import { at } from './findings.ts';
import { copyPaths, unquoted, writtenBase, writtenName } from './stages.ts';

export const rule: Rule = {
  id: 'DL3045',
  severity: 'warning',
  summary: 'Without a WORKDIR, a relative destination is wherever the base image happens to be',
  bad: 'FROM debian:bookworm-slim\nCOPY app.conf etc/',
  good: 'FROM debian:bookworm-slim\nWORKDIR /app\nCOPY app.conf etc/',
  example: { files: { 'app.conf': '' } },
  check({ dockerfile }) {
    const moved = new Set<string>();
    return dockerfile.stages.flatMap((stage) => {
      const { name } = writtenBase(stage);
      const own = writtenName(stage) ?? name;
      if (stage.index > 0) {
        if (moved.has(name)) moved.add(own);
        else moved.delete(own);
      }
      return stage.instructions.flatMap((instruction) => {
        if (instruction.keyword === 'WORKDIR') moved.add(own);
        if (instruction.keyword !== 'COPY' || moved.has(own)) return [];
        const target = unquoted(copyPaths(instruction).target);
        if (/^(?:[/$]|.:[\\/])/s.test(target)) return [];
        return [at(instruction, `'${target}' is relative, and there is no WORKDIR`, 'begin with /, or set WORKDIR')];
      });
    });
  },
};
