import { argumentsOf } from '../../arguments.ts';
import type { Instruction } from '../../types.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'InvalidDefinitionDescription',
  severity: 'off',
  summary: 'docker build --call=outline shows the comment above a stage or an argument as its description',
  bad: '# check=experimental=InvalidDefinitionDescription\n# the compiler\nFROM debian:bookworm-slim AS builder',
  good: '# check=experimental=InvalidDefinitionDescription\n# builder has the compiler\nFROM debian:bookworm-slim AS builder',
  experimental: true,
  check({ dockerfile: { instructions } }) {
    return instructions.flatMap((instruction) => {
      const { keyword, line, column, description } = instruction;
      const names = describedNames(instruction);
      const [first] = (description.at(-1) ?? '').split(' ');
      if (description.length === 0 || names.length === 0 || names.includes(first ?? '')) return [];
      const wanted = names.length > 1 ? '<argument>' : names[0];
      return [
        {
          line,
          column,
          subject: instruction,
          message: `the comment above ${keyword} does not begin with '${wanted}'`,
          hint: 'separate them with an empty comment where it is no description',
        },
      ];
    });
  },
};

function describedNames(instruction: Instruction): readonly string[] {
  if (instruction.keyword === 'ARG') return argumentsOf(instruction).map(({ name }) => name);
  const name = instruction.keyword === 'FROM' ? instruction.words[2]?.text.toLowerCase() : undefined;
  return name === undefined ? [] : [name];
}
