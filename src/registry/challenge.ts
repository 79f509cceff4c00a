/** `WWW-Authenticate`: RFC 9110 section 11.6.1; Bearer parameters as in https://distribution.github.io/distribution/spec/auth/token/ */

export interface Challenge {
  /** Lower case: `bearer`, `basic`. */
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** All challenges of a header; parts that don't follow the grammar are skipped. */
export function parseChallenges(value: string): Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  const token = /(?:([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+)))|([A-Za-z][\w-]*)/g;
  for (const [, name, quoted, plain, scheme] of value.matchAll(token)) {
    if (scheme !== undefined) {
      challenges.push({ scheme: scheme.toLowerCase(), parameters: {} });
    } else if (name !== undefined) {
      const last = challenges.at(-1);
      if (last !== undefined) last.parameters[name.toLowerCase()] = quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '';
    }
  }
  return challenges;
}
