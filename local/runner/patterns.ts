/**
 * Filter patterns of `branches`, `tags` and `paths`, as in GitHub's "Filter pattern cheat sheet":
 * `*` any characters but `/`, `**` any characters, `?` and `+` repeat the character before, `[…]` one of a set,
 * `!` in front takes out again what earlier patterns let in.
 */
export function matchesFilter(patterns: readonly string[], name: string): boolean {
  let matched = false;
  for (const pattern of patterns) {
    const negative = pattern.startsWith('!');
    if (patternToRegExp(negative ? pattern.slice(1) : pattern).test(name)) matched = !negative;
  }
  return matched;
}

function patternToRegExp(pattern: string): RegExp {
  let source = '';
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern.charAt(index);
    if (character === '*' && pattern[index + 1] === '*') {
      // `**/x` matches x at the root too.
      const folder = pattern[index + 2] === '/';
      source += folder ? '(?:.*/)?' : '.*';
      index += folder ? 2 : 1;
    } else if (character === '*') source += '[^/]*';
    else if (character === '?' || character === '+') source += character;
    else if (character === '[') {
      const end = pattern.indexOf(']', index);
      if (end < 0) source += '\\[';
      else {
        source += pattern.slice(index, end + 1);
        index = end;
      }
    } else if (character === '\\' && index + 1 < pattern.length) source += quote(pattern.charAt(++index));
    else source += quote(character);
  }
  return new RegExp(`^${source}$`);
}

function quote(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
