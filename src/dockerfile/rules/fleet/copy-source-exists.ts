import { hasWildcard } from '../../ignore-file.ts';
import { readHeredoc } from '../../lines.ts';
import { readMount } from '../../mounts.ts';
import { isRemote } from '../../remote-sources.ts';
import { expandKnown, valuesAt } from '../../scope.ts';
import type { Instruction, Stage, Word } from '../../types.ts';
import { neededStages } from '../../upstreams.ts';
import type { Rule, RuleContext, RuleFinding } from '../rule.ts';

export const rule: Rule = {
  id: 'copy-source-exists',
  severity: 'error',
  summary: 'A source that is not in the build context stops the build, minutes later',
  bad: 'FROM debian:bookworm-slim\nCOPY no-such-file /etc/',
  good: 'FROM debian:bookworm-slim\nCOPY app.conf /etc/',
  check(context) {
    const { dockerfile, image } = context;
    return neededStages(dockerfile, image.buildArgs, image.target, image.platforms[0]).flatMap((stage) =>
      stage.instructions.flatMap((instruction) =>
        sourcesOf(instruction).flatMap((source) => check(context, stage, instruction, source)),
      ),
    );
  },
};

/** Paths that are read from the build context. */
function sourcesOf(instruction: Instruction): readonly Word[] {
  const { keyword, flags, words } = instruction;
  if (keyword === 'RUN') {
    return flags.flatMap(({ name, value = '', line, column }) => {
      const { type, from, source } = readMount(value);
      return name === 'mount' && type === 'bind' && from === undefined && source !== undefined
        ? [{ text: source, line, column }]
        : [];
    });
  }
  if (keyword !== 'COPY' && keyword !== 'ADD') return [];
  if (flags.some(({ name }) => name === 'from')) return [];
  return words.slice(0, -1).filter(({ text }) => readHeredoc(text) === undefined);
}

function check(
  { dockerfile, image, files }: RuleContext,
  stage: Stage,
  instruction: Instruction,
  source: Word,
): readonly RuleFinding[] {
  const values = valuesAt(dockerfile, stage, instruction, image.buildArgs, image.platforms[0]);
  // Wildcards are escaped with the same character as variables: keep it for the lookup.
  const written = expandKnown(dockerfile.escape, source.text.replaceAll(/\\(?=[*?[])/g, '\\\\'), values);
  if (written === undefined || written === '') return [];
  if (instruction.keyword === 'ADD' && isRemote(written)) return [];
  const found = files.find(written);
  if (found.kind === 'found') return [];
  const { line, column } = source;
  if (found.kind === 'ignored') {
    const hint = `line ${found.line} of ${found.file} leaves it out: '${found.pattern}'`;
    return [{ line, column, message: `'${written}' is not in the build context`, hint }];
  }
  if (instruction.keyword !== 'RUN' && hasWildcard(written)) {
    const hint = 'the builder then copies nothing; correct the pattern, or leave it out';
    return [{ line, column, severity: 'warning', message: `'${written}' matches nothing in the build context`, hint }];
  }
  const hint = 'add it to the folder of the image, or correct the path: it is relative to the build context';
  return [{ line, column, message: `'${written}' is not in the build context`, hint }];
}
