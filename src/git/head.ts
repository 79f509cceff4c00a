/** What is checked out. */
export interface Head {
  readonly revision: string;
  /** Commit time in seconds since 1970. */
  readonly committed: number;
  /** By path; `.` is the root. */
  readonly objects: Readonly<Record<string, string>>;
}

/** @param lines of a commit: its header ends with an empty line; its message may say anything */
export function committedIn(lines: readonly string[]): number {
  const committer = lines.slice(0, lines.indexOf('')).find((line) => line.startsWith('committer '));
  const [, committed] = / (\d+) [+-]\d{4}$/.exec(committer ?? '') ?? [];
  return Number(committed);
}
