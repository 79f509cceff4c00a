/** Questions that many checks ask, and that have one answer. */

/** The first asking is the only one, unless it fails; what comes of it is kept as long as `key` is. */
export function once<Key extends object, Answer>(
  answers: WeakMap<Key, Promise<Answer>>,
  key: Key,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  const known = answers.get(key);
  if (known !== undefined) return known;
  const asked = ask().catch((error: unknown) => {
    answers.delete(key);
    throw error;
  });
  answers.set(key, asked);
  return asked;
}
