import { hasFlag, programsOf, scriptsOf } from '../../scripts.ts';
import type { Rule } from '../rule.ts';
import { at } from './findings.ts';

export const rule: Rule = {
  id: 'DL4006',
  severity: 'warning',
  summary: 'Without pipefail, only the last program of a pipe can make a RUN fail',
  bad: 'FROM debian:bookworm-slim\nRUN curl https://example.org/a | tar -x',
  good: 'FROM debian:bookworm-slim\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl https://example.org/a | tar -x',
  check({ dockerfile }) {
    const scripts = scriptsOf(dockerfile);
    return dockerfile.stages.flatMap(({ instructions }) => {
      let safe = false;
      return instructions.flatMap((instruction) => {
        if (instruction.keyword === 'SHELL') safe = isSafe(instruction.words.map(({ text }) => text).join(' '));
        if (safe || !scripts.some(({ run, hasPipe }) => run === instruction && hasPipe)) return [];
        return [
          at(
            instruction,
            'RUN has a pipe, and the shell no pipefail',
            'use SHELL ["/bin/bash", "-o", "pipefail", "-c"]',
          ),
        ];
      });
    });
  },
};

function isSafe(shell: string): boolean {
  if (/^(?:pwsh|powershell|cmd)/.test(shell)) return true;
  return programsOf(shell).some(
    (program) =>
      /(?:^|\/)(?:bash|zsh|ash)$/.test(program.name) && hasFlag(program, 'o') && program.args.includes('pipefail'),
  );
}
