/** Many short lists of numbers in one array: a list each would take a large fleet more memory than its images' names. */

export interface Lists {
  /** All numbers, list after list. */
  readonly values: Int32Array;
  /** Where each list begins in `values`: one more than there are lists, so that each ends where the next begins. */
  readonly starts: Int32Array;
}

/** The list at `index`. Where very many are asked for, one after the other, `values` is quicker read without. */
export function listAt({ values, starts }: Lists, index: number): Int32Array {
  return values.subarray(starts[index], starts[index + 1]);
}

/** Which lists each number is in, in the order of lists. @param lists of numbers below the count of lists, each once */
export function turnRound({ values, starts }: Lists): Lists {
  const turnedStarts = new Int32Array(starts.length);
  for (const value of values) turnedStarts[value + 1] = (turnedStarts[value + 1] ?? 0) + 1;
  for (let at = 1; at < turnedStarts.length; at += 1)
    turnedStarts[at] = (turnedStarts[at] ?? 0) + (turnedStarts[at - 1] ?? 0);
  const turned = new Int32Array(values.length);
  const next = turnedStarts.slice();
  for (let index = 0; index + 1 < starts.length; index += 1) {
    const end = starts[index + 1] ?? 0;
    for (let at = starts[index] ?? 0; at < end; at += 1) {
      const value = values[at] ?? 0;
      const place = next[value] ?? 0;
      turned[place] = index;
      next[value] = place + 1;
    }
  }
  return { values: turned, starts: turnedStarts };
}
