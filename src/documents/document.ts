/** YAML text as a value whose every part knows its place in the file. */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Document as Parsed,
  parseDocument,
  visit,
} from 'yaml';
import { type Place, type Problem, ProblemsError } from '../problems.ts';

/** Keys and indexes from the root of a document to one of its parts. */
export type Path = readonly (string | number)[];

export interface Document {
  readonly file: string;
  /** `null` for an empty file. */
  readonly value: unknown;
  readonly parsed: Parsed.Parsed;
  readonly lines: LineCounter;
  /** Keys that are there twice: no reason to say nothing of the rest, so the check of the document reports them. */
  readonly duplicates: readonly Problem[];
}

/**
 * Reads YAML 1.2.
 * @throws ProblemsError with every syntax error, with line and column
 */
export function readDocument(text: string, file: string): Document {
  const lines = new LineCounter();
  const parsed = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, version: '1.2' });
  const problems = parsed.errors.map((error): Problem => {
    const { line, col } = lines.linePos(error.pos[0]);
    return { ...describe(error.code, error.message), place: { file, line, column: col } };
  });
  if (parsed.errors.some(({ code }) => code !== 'DUPLICATE_KEY')) throw new ProblemsError(problems);
  const unknown = text.includes('*') ? unknownAliases(parsed, file, lines) : [];
  if (unknown.length > 0) throw new ProblemsError(unknown);
  try {
    // Aliases are expanded; a file of a few lines that grows without end is refused.
    return { file, value: parsed.toJS({ maxAliasCount: 100 }), parsed, lines, duplicates: problems };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new ProblemsError([{ message, place: { file, line: 1, column: 1 }, cause }]);
  }
}

function describe(code: string, message: string): Pick<Problem, 'message' | 'hint'> {
  if (code === 'DUPLICATE_KEY') return { message: 'this key is there twice' };
  if (code === 'MULTIPLE_DOCS')
    return { message: 'a second document begins here', hint: "keep one, and remove the line '---'" };
  const hint = /^(?:BAD_INDENT|BLOCK_AS_IMPLICIT_KEY|MULTILINE_IMPLICIT_KEY)$/.test(code)
    ? { hint: 'look at the indentation' }
    : {};
  return { message: message.charAt(0).toLowerCase() + message.slice(1), ...hint };
}

function unknownAliases(parsed: Parsed.Parsed, file: string, lines: LineCounter): Problem[] {
  const found: Problem[] = [];
  visit(parsed, {
    Alias(_, alias) {
      if (alias.resolve(parsed) !== undefined) return;
      const { line, col } = lines.linePos(alias.range?.[0] ?? 0);
      const hint = `write '&${alias.source}' in front of what it stands for, or put the text in quotes`;
      found.push({ message: `'*${alias.source}' stands for nothing`, hint, place: { file, line, column: col } });
    },
  });
  return found;
}

/**
 * The place of a part; of its key when `at` is `key`. A part that is not there has the place of the closest parent
 * that is.
 */
export function documentPlace(document: Document, path: Path, at: 'value' | 'key' = 'value'): Place {
  let node: unknown = document.parsed.contents;
  let found = rangeStart(node) ?? 0;
  for (const [index, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document.parsed);
    const last = index === path.length - 1;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => (isScalar(key) ? String(key.value) : String(key)) === String(step));
      if (pair === undefined) break;
      const key = rangeStart(pair.key);
      const value = isEmptyNode(pair.value) ? undefined : rangeStart(pair.value);
      found = (last && at === 'key' ? key : (value ?? key)) ?? found;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      found = rangeStart(node) ?? found;
    } else break;
  }
  const { line, col } = document.lines.linePos(found);
  return { file: document.file, line: Math.max(line, 1), column: Math.max(col, 1) };
}

function rangeStart(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

/** `key:` with nothing behind it: its value has a range, but nothing to look at. */
function isEmptyNode(node: unknown): boolean {
  return node === null || node === undefined || (isScalar(node) && node.range !== undefined && node.source === '');
}
