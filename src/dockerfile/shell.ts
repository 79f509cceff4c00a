/**
 * Shell scripts as a list of simple commands: enough of POSIX `sh` and bash to know which programs are called with
 * which words. Nothing is expanded: what the shell would put in place of a variable is unknown here.
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html
 */
import { type Position, positionAt, type SourceText, sliceSource } from './source.ts';
import type { Word } from './types.ts';

/** One simple command: no redirections, no assignments before its name. */
export interface Command extends Position {
  readonly words: readonly ShellWord[];
  /** Whether it reads what the command before it writes. */
  readonly piped: boolean;
}

export interface ShellWord extends Word {
  /** Where its text comes from, when all of it is one quoted or one plain stretch: a script within a script. */
  readonly source: SourceText;
}

/** Words after which a command begins. */
const reserved: ReadonlySet<string> = new Set(
  '! { } if then elif else fi while until do done time esac coproc'.split(' '),
);
const assignment = /^[A-Za-z_][A-Za-z0-9_]*(?:\[[^\]]*\])?\+?=/;

interface Scan {
  readonly source: SourceText;
  readonly commands: Command[];
  /** Writes variables as `${NAME}` and substitutions as `${VAR}`, as other tools show them. */
  readonly braces: boolean;
  at: number;
  words: ShellWord[];
  piped: boolean;
  /** Delimiters of heredocs whose bodies begin on the next line. */
  heredocs: { readonly name: string; readonly chomp: boolean }[];
  /** A heredoc delimiter or a redirection's target comes next. */
  expect: 'nothing' | 'target' | 'heredoc' | 'chomped heredoc';
}

/**
 * Commands in order of appearance, those in `$(…)`, backticks and subshells included.
 * @param braces writes variables in words as `${NAME}` and substitutions as `${VAR}`; they are as written without it
 */
export function shellCommands(source: SourceText, { braces = false } = {}): readonly Command[] {
  const scan: Scan = {
    source,
    commands: [],
    braces,
    at: 0,
    words: [],
    piped: false,
    heredocs: [],
    expect: 'nothing',
  };
  const { text } = source;
  while (scan.at < text.length) {
    const char = text.charAt(scan.at);
    if (char === '\n') {
      finish(scan);
      scan.at += 1;
      skipHeredocs(scan);
    } else if (/\s/.test(char)) scan.at += 1;
    else if (char === '\\' && text.charAt(scan.at + 1) === '\n') scan.at += 2;
    else if (char === '#') scan.at = endOfLine(text, scan.at);
    else if (!operator(scan)) readWord(scan);
  }
  finish(scan);
  return scan.commands;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

function operator(scan: Scan): boolean {
  const rest = scan.source.text.slice(scan.at, scan.at + 16);
  const redirection = /^(?:\d*(?:<<-|<<<|<<|<>|<&|>>|>&|>\||<(?!\()|>(?!\())|&>>|&>)/.exec(rest)?.[0];
  if (redirection !== undefined) {
    scan.at += redirection.length;
    if (redirection.endsWith('<<-')) scan.expect = 'chomped heredoc';
    else if (/<<$/.test(redirection)) scan.expect = 'heredoc';
    else scan.expect = 'target';
    return true;
  }
  const control = /^(?:&&|\|\||;;&|;;|;&|\|&|[;|&()])/.exec(rest)?.[0];
  if (control === undefined) return false;
  finish(scan);
  if (control === '|' || control === '|&') scan.piped = true;
  else if (control !== '(') scan.piped = false;
  scan.at += control.length;
  return true;
}

function finish(scan: Scan): void {
  const words = [...scan.words];
  scan.words = [];
  while (words[0] !== undefined && (reserved.has(words[0].text) || assignment.test(words[0].text))) {
    if (words.shift()?.text === 'time' && words[0]?.text === '-p') words.shift();
  }
  const [first] = words;
  if (first === undefined) return;
  scan.commands.push({ line: first.line, column: first.column, words, piped: scan.piped });
  scan.piped = false;
}

/** Bodies are data of the command before them, not commands. */
function skipHeredocs(scan: Scan): void {
  const { text } = scan.source;
  for (const { name, chomp } of scan.heredocs) {
    while (scan.at < text.length) {
      const end = endOfLine(text, scan.at);
      const line = text.slice(scan.at, end);
      scan.at = Math.min(end + 1, text.length);
      if ((chomp ? line.replace(/^\t+/, '') : line) === name) break;
    }
  }
  scan.heredocs = [];
}

function readWord(scan: Scan): void {
  const { source } = scan;
  const { text } = source;
  const start = scan.at;
  let value = '';
  let plain: { from: number; to: number } | undefined;
  let pieces = 0;
  while (scan.at < text.length && !/[\s;|&()<>]/.test(text.charAt(scan.at))) {
    const from = scan.at;
    const char = text.charAt(from);
    pieces += 1;
    if (char === "'") {
      const end = text.indexOf("'", from + 1);
      const close = end < 0 ? text.length : end;
      plain = { from: from + 1, to: close };
      value += text.slice(from + 1, close);
      scan.at = close + 1;
    } else if (char === '"') {
      value += readDouble(scan);
      plain = { from: from + 1, to: scan.at - 1 };
    } else if (char === '\\') {
      if (text.charAt(from + 1) !== '\n') value += text.charAt(from + 1);
      scan.at += 2;
    } else if (char === '$' || char === '`') value += readDollar(scan);
    else {
      const stretch = /^[^\s;|&()<>'"\\$`]+/.exec(text.slice(from))?.[0] ?? char;
      value += stretch;
      scan.at += stretch.length;
      plain = { from, to: scan.at };
    }
  }
  if (scan.at === start) scan.at += 1;
  // What is in the brackets of an array are its values.
  if (/^\w+\+?=$/.test(value) && text.charAt(scan.at) === '(') scan.at = closing(text, scan.at, '(', ')');
  if (scan.expect === 'heredoc' || scan.expect === 'chomped heredoc')
    scan.heredocs.push({ name: value, chomp: scan.expect === 'chomped heredoc' });
  else if (scan.expect === 'nothing') {
    const whole = pieces === 1 && plain !== undefined ? plain : { from: start, to: scan.at };
    scan.words.push({ text: value, ...positionAt(source, start), source: sliceSource(source, whole.from, whole.to) });
  }
  scan.expect = 'nothing';
}

function readDouble(scan: Scan): string {
  const { text } = scan.source;
  let value = '';
  scan.at += 1;
  while (scan.at < text.length && text.charAt(scan.at) !== '"') {
    const char = text.charAt(scan.at);
    if (char === '\\' && /[$`"\\\n]/.test(text.charAt(scan.at + 1))) {
      if (text.charAt(scan.at + 1) !== '\n') value += text.charAt(scan.at + 1);
      scan.at += 2;
    } else if (char === '$' || char === '`') value += readDollar(scan);
    else {
      value += char;
      scan.at += 1;
    }
  }
  scan.at += 1;
  return value;
}

/** A `$` or backtick: kept as written, but commands inside are noted. */
function readDollar(scan: Scan): string {
  const { text } = scan.source;
  const start = scan.at;
  if (text.charAt(start) === '`') {
    const end = text.indexOf('`', start + 1);
    scan.at = (end < 0 ? text.length : end) + 1;
    scan.commands.push(...shellCommands(sliceSource(scan.source, start + 1, scan.at - 1), { braces: scan.braces }));
  } else if (text.startsWith('$((', start)) scan.at = closing(text, start + 1, '(', ')');
  else if (text.startsWith('$(', start)) {
    scan.at = closing(text, start + 1, '(', ')');
    scan.commands.push(...shellCommands(sliceSource(scan.source, start + 2, scan.at - 1), { braces: scan.braces }));
  } else if (text.startsWith('${', start)) scan.at = closing(text, start + 1, '{', '}');
  else if (text.startsWith("$'", start)) {
    const inner = /^\$'(?:\\.|[^'\\])*'?/s.exec(text.slice(start))?.[0] ?? "$'";
    scan.at += inner.length;
    return inner.slice(2, -1);
  } else scan.at += /^\$(?:\w+|[@*#?$!-])?/.exec(text.slice(start, start + 256))?.[0].length ?? 1;
  const written = text.slice(start, scan.at);
  if (!scan.braces || written === '$' || written.startsWith('${')) return written;
  return /^\$(?:\w+|[@*#?$!-])$/.test(written) ? `\${${written.slice(1)}}` : '${VAR}';
}

/** The offset after the bracket that closes the one at `from`; quotes and escapes are stepped over. */
function closing(text: string, from: number, open: string, close: string): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\\') at += 1;
    else if (char === "'") {
      const end = text.indexOf("'", at + 1);
      at = end < 0 ? text.length : end;
    } else if (char === '"') {
      at += 1;
      while (at < text.length && text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1;
    } else if (char === open) depth += 1;
    else if (char === close) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return text.length;
}
