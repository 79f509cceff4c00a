/** The secrets of a job: what its log, summaries and outputs must not show. */
export interface Masks {
  add(secret: string): void;
  /** The text with every secret replaced by `***`. */
  hide(text: string): string;
  /** Whether the text contains a secret. */
  found(text: string): boolean;
}

export function createMasks(secrets: Iterable<string>): Masks {
  let known: string[] = [];
  const add = (secret: string): void => {
    // The runner hides each line of a secret of several lines, and the secret as a whole.
    for (const part of [secret, ...secret.split(/\r?\n/)]) {
      if (part.trim() !== '' && !known.includes(part)) known.push(part);
    }
    // The longest first, or a secret that contains another would be hidden by half.
    known = known.sort((a, b) => b.length - a.length);
  };
  for (const secret of secrets) add(secret);
  return {
    add,
    hide: (text) => known.reduce((hidden, secret) => hidden.replaceAll(secret, '***'), text),
    found: (text) => known.some((secret) => text.includes(secret)),
  };
}
