/** Dockerfiles of several stages, put together at random from the instructions of the other cases: always the same. */
import { parseDockerfile } from '../../src/dockerfile/index.ts';
import type { Case } from './case.ts';

/** Stages begin and instructions follow, each with the comments above it. */
interface Pieces {
  readonly froms: readonly string[];
  readonly others: readonly string[];
}

export function mixedCases(from: readonly Case[], count: number, seed = 1): readonly Case[] {
  const { froms, others } = piecesOf(from);
  const random = generator(seed);
  const pick = (list: readonly string[]): string => list[random(list.length)] ?? '';
  return Array.from({ length: count }, (_, index) => {
    const stages = Array.from({ length: 1 + random(3) }, () => [
      pick(froms),
      ...Array.from({ length: 1 + random(5) }, () => pick(others)),
    ]);
    return { name: `mixed ${index + 1}`, dockerfile: stages.flat().join('\n') };
  });
}

function piecesOf(all: readonly Case[]): Pieces {
  // What a piece says must not depend on what came with it, nor change how others are read.
  const plain = all.filter(
    ({ dockerfile, hadolint, buildArgs, bases, target, dockerignore }) =>
      [hadolint, buildArgs, bases, target, dockerignore].every((extra) => extra === undefined) &&
      !/^# *(?:escape|check) *=/i.test(dockerfile) &&
      parseDockerfile(dockerfile).problems.length === 0,
  );
  const pieces = plain.flatMap(({ dockerfile }) => {
    const lines = dockerfile.split('\n');
    const { instructions } = parseDockerfile(dockerfile);
    return instructions.map(({ keyword, endLine }, index) => ({
      keyword,
      text: lines.slice(instructions[index - 1]?.endLine ?? 0, endLine).join('\n'),
    }));
  });
  return {
    froms: pieces.filter(({ keyword }) => keyword === 'FROM').map(({ text }) => text),
    others: pieces.filter(({ keyword }) => keyword !== 'FROM' && keyword !== 'EXPOSE').map(({ text }) => text),
  };
}

/** Numbers below a limit: https://en.wikipedia.org/wiki/Linear_congruential_generator */
function generator(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * limit);
  };
}
