/** Names that somebody may have meant. */

/** ` (did you mean X?)`, or nothing. Within two letters, as the builder suggests. */
export function suggestion(name: string, known: readonly string[]): string {
  const near = known
    .map((other) => ({ other, away: distance(name, other) }))
    .filter(({ away }) => away < 3)
    .toSorted((a, b) => a.away - b.away)[0];
  return near === undefined ? '' : ` (did you mean ${near.other}?)`;
}

/** Levenshtein. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
