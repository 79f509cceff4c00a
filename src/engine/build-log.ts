/** BuildKit's plain progress, taken apart: which lines belong to which target, and where a build failed. Pure. */

export interface BuildFailure {
  /** Target whose Dockerfile holds the instruction that failed. */
  readonly id: string;
  /** Line of the Dockerfile, from 1. */
  readonly line: number;
}

/**
 * The indexes of each target's lines. BuildKit shows a step that several targets share once, under one of them.
 * @param ids of the targets in this build; a build of one target does not name it
 */
export function linesByTarget(lines: readonly string[], ids: readonly string[]): ReadonlyMap<string, number[]> {
  const byTarget = new Map<string, number[]>(ids.map((id) => [id, []]));
  const only = ids.length === 1 ? ids[0] : undefined;
  const owner = new Map<string, string>();
  for (const [index, line] of lines.entries()) {
    const [, step, text = ''] = /^#(\d+) (.*)$/.exec(line) ?? [];
    if (step === undefined) continue;
    const named = /^\[([a-zA-Z0-9_-]+)[ \]]/.exec(text)?.[1];
    if (named !== undefined && byTarget.has(named)) owner.set(step, named);
    const id = only ?? owner.get(step);
    if (id !== undefined) byTarget.get(id)?.push(index);
  }
  return byTarget;
}

/**
 * The instruction that failed, from the excerpt of the Dockerfile that buildx prints.
 * @param fileNames name of each target's Dockerfile, without folders, by target id: they have to differ
 */
export function failedInstruction(
  lines: readonly string[],
  fileNames: ReadonlyMap<string, string>,
): BuildFailure | undefined {
  const ids = new Map([...fileNames].map(([id, name]) => [name, id]));
  for (const [index, line] of lines.entries()) {
    const [, name = '', number] = /^(?:.*\/)?([^/]+):(\d+)$/.exec(line) ?? [];
    const id = ids.get(name);
    if (id !== undefined && /^-{10,}$/.test(lines[index + 1] ?? '')) return { id, line: Number(number) };
  }
  return undefined;
}

/** What buildx prints after the last step: the end of the failed step's output, the Dockerfile's lines, the error. */
export function failureReport(lines: readonly string[]): readonly string[] {
  return lines.slice(lines.findLastIndex((line) => /^#\d+ /.test(line)) + 1);
}

/** What went wrong, in BuildKit's words. */
export function failureMessage(lines: readonly string[]): string {
  const error =
    lines.findLast((line) => line.startsWith('ERROR: ')) ?? lines.findLast((line) => line.trim() !== '') ?? '';
  return error
    .replace(/^ERROR: /, '')
    .replace(/^target [^:]+: /, '')
    .replace(/^failed to solve: /, '');
}
