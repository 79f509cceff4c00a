/** From text to stages and instructions, with everything that is wrong with its form. */
import { argumentsOf } from './arguments.ts';
import { readInstruction } from './instruction.ts';
import { splitLines } from './lines.ts';
import type { Argument, Instruction, ParsedDockerfile, ParseProblem, Stage } from './types.ts';
import { stageCycles } from './upstreams.ts';
import { instructionProblems, suggestKeyword } from './validate.ts';

/**
 * Reads a Dockerfile as BuildKit does, and goes on after an error: `problems` has all of them.
 * @param file how messages name it
 */
export function parseDockerfile(text: string, file = 'Dockerfile'): ParsedDockerfile {
  const { escape: escapeToken, directives, comments, lines, problems } = splitLines(text);
  const instructions = lines.map((line) => readInstruction(line, escapeToken));
  const found: ParseProblem[] = [...problems];
  const globalArgs: Argument[] = [];
  const stages: { stage: Omit<Stage, 'instructions'>; instructions: Instruction[] }[] = [];
  let outside = false;
  for (const instruction of instructions) {
    found.push(...instructionProblems(instruction, escapeToken));
    const current = stages.at(-1);
    if (instruction.keyword === 'FROM') {
      const stage = readStage(instruction, stages.length);
      stages.push({ stage, instructions: [] });
    } else if (current !== undefined) current.instructions.push(instruction);
    else if (instruction.keyword === 'ARG') globalArgs.push(...argumentsOf(instruction));
    else if (!outside && suggestKeyword(instruction.keyword) === instruction.keyword) {
      outside = true;
      found.push({
        ...at(instruction),
        message: `${instruction.keyword} stands before the first FROM`,
        hint: 'begin with FROM; only ARG may come before it',
      });
    }
  }
  if (instructions.length === 0)
    found.push({ line: 1, column: 1, message: 'the Dockerfile is empty', hint: 'begin with FROM' });
  else if (stages.length === 0 && !outside)
    found.push({ ...at(instructions[0]), message: 'there is no FROM', hint: 'name the image to begin with' });
  const built = stages.map(({ stage, instructions: own }): Stage => ({ ...stage, instructions: own }));
  const parsed = {
    file,
    escape: escapeToken,
    directives,
    comments,
    globalArgs,
    stages: built,
    instructions,
    problems: [],
  };
  const all = [...found, ...stageCycles(parsed)];
  return { ...parsed, problems: all.toSorted((a, b) => a.line - b.line || a.column - b.column) };
}

function at(position: { line: number; column: number } | undefined): { line: number; column: number } {
  return { line: position?.line ?? 1, column: position?.column ?? 1 };
}

function readStage(from: Instruction, index: number): Omit<Stage, 'instructions'> {
  const [base = { text: '', ...at(from) }, as, name] = from.words;
  const platform = from.flags.find((flag) => flag.name === 'platform')?.value;
  return {
    index,
    base,
    from,
    ...(platform === undefined ? {} : { platform }),
    ...(as?.text.toUpperCase() === 'AS' && name !== undefined ? { name: name.text.toLowerCase() } : {}),
  };
}
