import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'ConsistentInstructionCasing',
  severity: 'warning',
  summary: 'Instructions in one casing are easier to read',
  bad: 'FROM debian:bookworm-slim\nRUN echo one\nrun echo two',
  good: 'FROM debian:bookworm-slim\nRUN echo one\nRUN echo two',
  check({ dockerfile: { stages } }) {
    const instructions = stages.flatMap(({ from, instructions }) => [from, ...instructions]);
    const [lower, upper] = [isLower, isUpper].map((test) => instructions.filter(({ written }) => test(written)).length);
    const wantLower = (lower ?? 0) > (upper ?? 0);
    return instructions
      .filter(({ written }) => !(wantLower ? isLower : isUpper)(written))
      .map(({ written, line, column }) => ({
        line,
        column,
        message: `'${written}' is not in ${wantLower ? 'lower' : 'upper'} case as most instructions here`,
      }));
  },
};

function isLower(text: string): boolean {
  return text === text.toLowerCase();
}

function isUpper(text: string): boolean {
  return text === text.toUpperCase();
}
