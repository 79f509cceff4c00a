/** `# image-cascade ignore=rule-id[,rule-id] reason`: findings of the rules on what follows are left out. */
import type { Position } from './source.ts';
import type { Comment, ParsedDockerfile } from './types.ts';

export interface IgnoreComment extends Position {
  readonly rules: readonly string[];
  /** The lines it speaks of. */
  readonly from: number;
  readonly to: number;
}

export function ignoreComments(parsed: ParsedDockerfile): readonly IgnoreComment[] {
  return parsed.comments.flatMap((comment) => {
    const [, list] = /^image-cascade\s+ignore\s*=\s*(\S+)/i.exec(comment.text) ?? [];
    if (list === undefined) return [];
    const names = list.split(',').filter((name) => name !== '');
    return [{ line: comment.line, column: comment.column, rules: names, ...reach(parsed, comment) }];
  });
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
