/**
 * Regular expressions as Go writes them (https://pkg.go.dev/regexp/syntax), for JavaScript: what other tools' files
 * hold means here what it means there.
 */

const classes: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: '\\t ',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

/** @throws Error with the reason when it is none in either language */
export function goRegExp(pattern: string): RegExp {
  let flags = 'u';
  const source = pattern
    .replace(/^\(\?([ims]+)\)/, (_, given: string) => {
      flags += given;
      return '';
    })
    .replaceAll(/\\Q(.*?)(?:\\E|$)/gs, (_, quoted: string) => quoted.replaceAll(/[\^$\\.*+?()[\]{}|/]/g, '\\$&'))
    .replaceAll('(?P<', '(?<')
    .replaceAll(/\\([pP])([A-Z])/g, '\\$1{$2}')
    .replaceAll(/\[:(\^?)([a-z]+):\]/g, (whole, negated: string, name: string) => {
      const range = classes[name];
      if (range === undefined || negated !== '') throw new Error(`the class ${whole} is not known`);
      return range;
    })
    // Escapes that Go takes and JavaScript refuses with its flag for Unicode; within text, the character itself.
    .replaceAll(/\\(.)/gs, (whole, escaped: string) => {
      if (escaped === 'A') return '(?<![\\s\\S])';
      if (escaped === 'z') return '(?![\\s\\S])';
      if (escaped === 'a') return '\\x07';
      return /[\^$\\.*+?()[\]{}|/A-Za-z0-9-]/.test(escaped) ? whole : escaped;
    });
  try {
    return new RegExp(source, flags);
  } catch (error) {
    // A dash may be escaped outside of a class as well.
    try {
      return new RegExp(source.replaceAll('\\-', '-'), flags);
    } catch {
      throw new Error(
        `'${pattern}' is no regular expression: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}

export function isGoRegExp(pattern: string): boolean {
  try {
    goRegExp(pattern);
    return true;
  } catch {
    return false;
  }
}
