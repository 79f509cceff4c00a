/**
 * `.dockerignore`: https://github.com/moby/patternmatcher. The last pattern that matches a path, or a folder that it is
 * in, decides.
 */

export interface IgnorePattern {
  readonly line: number;
  /** As written. */
  readonly text: string;
  /** `!`: takes back what a pattern before it left out. */
  readonly exception: boolean;
  readonly matcher: RegExp;
}

export function parseIgnoreFile(text: string): readonly IgnorePattern[] {
  return text
    .replace(/^\ufeff/, '')
    .split('\n')
    .flatMap((raw, index): readonly IgnorePattern[] => {
      const line = raw.trim();
      if (line === '' || line.startsWith('#')) return [];
      const exception = line.startsWith('!');
      const written = exception ? line.slice(1).trim() : line;
      const pattern = cleanPath(written);
      if (pattern === '.' || leadsOut(written)) return [];
      return [{ line: index + 1, text: line, exception, matcher: toRegExp(pattern) }];
    });
}

/** The pattern that leaves `path` out, or `undefined` when it is sent to the builder. */
export function ignoredBy(patterns: readonly IgnorePattern[], path: string): IgnorePattern | undefined {
  const parts = path.split('/');
  const ancestors = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  const last = patterns.findLast(({ matcher }) => ancestors.some((ancestor) => matcher.test(ancestor)));
  return last === undefined || last.exception ? undefined : last;
}

/** Slashes and dots as Go's `path.Clean` leaves them, without leading slash; nothing leads out of the root. */
export function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.length === 0 ? '.' : parts.join('/');
}

/** A source of `COPY` as Go's `filepath.Clean` leaves it: unlike `cleanPath`, it stays absolute, or outside. */
export function cleanSource(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..' || (parts.length === 0 && !path.startsWith('/')) || parts.at(-1) === '..') parts.push(part);
    else parts.pop();
  }
  return path.startsWith('/') ? `/${parts.join('/')}` : parts.join('/') || '.';
}

/** A relative pattern that begins above the context matches nothing in it. */
function leadsOut(pattern: string): boolean {
  if (pattern.startsWith('/')) return false;
  let depth = 0;
  for (const part of pattern.split('/')) {
    if (part === '..') depth -= 1;
    else if (part !== '' && part !== '.') depth += 1;
    if (depth < 0) return true;
  }
  return false;
}

function toRegExp(pattern: string): RegExp {
  // At the very beginning, before plain text, `**` is the end of any path: `**.pyc`.
  const [, end] = /^\*\*([^*?[\\/][^*?[\\]*)$/.exec(pattern) ?? [];
  if (end !== undefined) return new RegExp(`${[...end].map(quote).join('')}$`, 's');
  let source = '';
  for (let at = 0; at < pattern.length; at += 1) {
    if (pattern.startsWith('**', at)) {
      at += 1;
      if (pattern.charAt(at + 1) === '/') at += 1;
      source += at + 1 >= pattern.length ? '.*' : '(?:.*/)?';
    } else {
      const { source: next, length } = globToken(pattern, at);
      source += next;
      at += length - 1;
    }
  }
  return new RegExp(`^${source}$`, 's');
}

/** A name with wildcards, as Go's `filepath.Match` reads it: `*`, `?`, `[a-z]`, `[^a]`, `\` escapes; never `/`. */
export function globToRegExp(pattern: string): RegExp {
  let source = '';
  for (let at = 0; at < pattern.length; ) {
    const { source: next, length } = globToken(pattern, at);
    source += next;
    at += length;
  }
  return new RegExp(`^${source}$`, 's');
}

export function hasWildcard(path: string): boolean {
  return /[*?[]/.test(path.replace(/\\./g, ''));
}

function globToken(pattern: string, at: number): { source: string; length: number } {
  const char = pattern.charAt(at);
  if (char === '*') return { source: '[^/]*', length: 1 };
  if (char === '?') return { source: '[^/]', length: 1 };
  if (char === '\\' && at + 1 < pattern.length) return { source: quote(pattern.charAt(at + 1)), length: 2 };
  const [whole, negated, inner = ''] = /^\[(\^?)((?:\\.|[^\]\\])+)\]/s.exec(pattern.slice(at)) ?? [];
  if (whole === undefined) return { source: quote(char), length: 1 };
  const members = inner.replace(/\\(.)|([[\]^])/gs, (_, escaped?: string, plain?: string) => `\\${escaped ?? plain}`);
  return { source: `(?!/)[${negated}${members}]`, length: whole.length };
}

function quote(char: string): string {
  return char.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');
}
