/** What a Dockerfile says: https://docs.docker.com/reference/dockerfile/ */
import type { Position, SourceText } from './source.ts';

export interface ParsedDockerfile {
  /** How messages name it. */
  readonly file: string;
  readonly escape: '\\' | '`';
  readonly directives: readonly Directive[];
  /** Comment lines, those between continuation lines included; directives are not among them. */
  readonly comments: readonly Comment[];
  /** `ARG`s before the first `FROM`. */
  readonly globalArgs: readonly Argument[];
  readonly stages: readonly Stage[];
  readonly instructions: readonly Instruction[];
  /** All that is wrong with its form, by line. */
  readonly problems: readonly ParseProblem[];
}

/** `# syntax=`, `# escape=`, `# check=`. */
export interface Directive {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

export interface Comment extends Position {
  /** Without `#` and surrounding space. */
  readonly text: string;
}

export interface ParseProblem extends Position {
  readonly message: string;
  readonly hint?: string;
}

export interface Argument extends Position {
  readonly name: string;
  /** As written, not expanded; absent when the instruction gives none. */
  readonly value?: string;
}

export interface Stage {
  readonly index: number;
  /** Lower case, as the builder compares it. */
  readonly name?: string;
  /** The reference or stage that it begins with, as written. */
  readonly base: Word;
  /** Value of `--platform`, as written. */
  readonly platform?: string;
  readonly from: Instruction;
  /** What follows `FROM`. */
  readonly instructions: readonly Instruction[];
}

export interface Instruction extends Position {
  /** Upper case. */
  readonly keyword: string;
  /** The keyword as it is written. */
  readonly written: string;
  /**
   * Comment lines above, up to an empty comment or the instruction before: its description, and `check=`. Those within
   * continuation lines are not among them.
   */
  readonly description: readonly string[];
  /** Whether an empty line stands between continuation lines. */
  readonly emptyContinuation: boolean;
  /** Last line, without heredocs. */
  readonly lastLine: number;
  /** Last line, heredocs included. */
  readonly endLine: number;
  readonly flags: readonly Flag[];
  /** What follows keyword and flags. */
  readonly body: SourceText;
  /** `body` in its parts: the strings of a JSON array, else words. */
  readonly words: readonly Word[];
  /** Whether `body` is a JSON array (exec form). */
  readonly json: boolean;
  readonly heredocs: readonly Heredoc[];
  /** What `ONBUILD` is followed by. */
  readonly trigger?: Instruction;
}

export interface Word extends Position {
  readonly text: string;
}

/** `--name=value` or `--name`. */
export interface Flag extends Position {
  readonly name: string;
  readonly value?: string;
}

export interface Heredoc extends Position {
  readonly name: string;
  /** Whether variables in it are expanded: its name is not quoted. */
  readonly expand: boolean;
  /** `<<-`: leading tabs are dropped. */
  readonly chomp: boolean;
  readonly content: SourceText;
}
