/**
 * Comments that leave findings out: `# image-cascade ignore=rule[,rule] reason` above what it is about, and hadolint's
 * `# hadolint ignore=rule[,rule] # reason` on the line above an instruction, `# hadolint stage ignore=` above a `FROM`,
 * `# hadolint global ignore=` for the file.
 */
import type { Position } from './source.ts';
import type { Comment, ParsedDockerfile } from './types.ts';

export interface IgnoreComment extends Position {
  readonly rules: readonly string[];
  /** The lines it speaks of. */
  readonly from: number;
  readonly to: number;
  /** Why, in the words of who wrote it; of our own comments only. */
  readonly reason?: string;
}

export function ignoreComments(
  parsed: ParsedDockerfile,
  { hadolint }: { hadolint: boolean },
): readonly IgnoreComment[] {
  return parsed.comments.flatMap((comment) => {
    const own = readOwn(parsed, comment);
    if (own !== undefined) return [own];
    const theirs = hadolint ? readPragma(parsed, comment) : undefined;
    return theirs === undefined ? [] : [theirs];
  });
}

function readOwn(parsed: ParsedDockerfile, comment: Comment): IgnoreComment | undefined {
  const [, list, reason = ''] = /^image-cascade\s+ignore\s*=\s*(\S+)\s*(.*)$/i.exec(comment.text) ?? [];
  if (list === undefined) return undefined;
  const { line, column } = comment;
  return { line, column, rules: list.split(',').filter((name) => name !== ''), reason, ...reach(parsed, comment) };
}

/** https://github.com/hadolint/hadolint#ignoring-rules */
const pragma =
  /^hadolint[ \t]+((?:global|stage)[ \t]+)?ignore[ \t]*=[ \t]*([DLSC\d]+[ \t]*(?:,[ \t]*[DLSC\d]+[ \t]*)*)(?:#.*)?$/;

/** Whether a comment is hadolint's for the instruction below. */
export function isIgnorePragma(text: string): boolean {
  const [, reach, list] = pragma.exec(text) ?? [];
  return list !== undefined && reach === undefined;
}

function readPragma(parsed: ParsedDockerfile, { text, line, column }: Comment): IgnoreComment | undefined {
  const [, wide, list] = pragma.exec(text) ?? [];
  if (list === undefined) return undefined;
  const rules = list.split(',').map((name) => name.trim());
  if (wide === undefined) return { line, column, rules, from: line + 1, to: line + 1 };
  if (wide.trim() === 'global') return { line, column, rules, from: 1, to: Number.POSITIVE_INFINITY };
  // It begins below the line below it, and ends with the next stage, or where another takes its place.
  const ends = [
    ...parsed.stages.map((stage) => stage.from.line),
    ...parsed.comments.filter((other) => isStagePragma(other)).map((other) => other.line + 1),
  ].filter((end) => end > line + 1);
  return { line, column, rules, from: line + 2, to: Math.min(...ends) };
}

function isStagePragma({ text }: Comment): boolean {
  return pragma.exec(text)?.[1]?.startsWith('stage') === true;
}

/** Above an instruction: all of it. Between the lines of one: the next line. */
function reach({ instructions, comments }: ParsedDockerfile, { line }: Comment): { from: number; to: number } {
  const around = instructions.find((instruction) => instruction.line < line && instruction.endLine >= line);
  if (around === undefined) {
    const next = instructions.find((instruction) => instruction.line > line);
    return next === undefined ? { from: line, to: line } : { from: next.line, to: next.endLine };
  }
  let next = line + 1;
  while (comments.some((other) => other.line === next)) next += 1;
  return { from: next, to: next };
}
