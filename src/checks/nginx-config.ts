/** Configuration files in nginx's style: https://nginx.org/en/docs/beginners_guide.html#conf_structure */

/** A directive's arguments as one text, or the directives of its block; several of one name are a list. */
export type NginxValue = string | NginxBlock | NginxValue[];
export interface NginxBlock {
  [directive: string]: NginxValue;
}

/** @throws Error with the line of what is not in its place */
export function parseNginx(text: string): NginxBlock {
  const root = emptyBlock();
  const open: NginxBlock[] = [];
  let block = root;
  let words: string[] = [];
  for (const { word, line } of tokens(text)) {
    if (word === ';') {
      const [name, ...values] = words;
      if (name === undefined) throw new Error(`line ${line}: there is no directive before ';'`);
      add(block, name, values.join(' '));
      words = [];
    } else if (word === '{') {
      if (words.length === 0) throw new Error(`line ${line}: there is no name before '{'`);
      const inner = emptyBlock();
      add(block, words.join(' '), inner);
      open.push(block);
      block = inner;
      words = [];
    } else if (word === '}') {
      const outer = open.pop();
      if (outer === undefined) throw new Error(`line ${line}: '}' closes nothing`);
      if (words.length > 0) throw new Error(`line ${line}: ';' is missing after '${words.join(' ')}'`);
      block = outer;
    } else words.push(word.value);
  }
  if (open.length > 0) throw new Error("'}' is missing at the end");
  if (words.length > 0) throw new Error(`';' is missing after '${words.join(' ')}'`);
  return root;
}

function emptyBlock(): NginxBlock {
  return Object.create(null);
}

function add(block: NginxBlock, name: string, value: NginxValue): void {
  const known = block[name];
  if (known === undefined) block[name] = value;
  else if (Array.isArray(known)) known.push(value);
  else block[name] = [known, value];
}

interface Token {
  /** Text is wrapped, so that a quoted `;` is none. */
  readonly word: ';' | '{' | '}' | { readonly value: string };
  readonly line: number;
}

function* tokens(text: string): Generator<Token> {
  const pattern = /\s+|#[^\n]*|([;{}])|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|((?:\\.|\$\{[^}]*\}|[^\s;{}])+)/gsy;
  let line = 1;
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const found = pattern.exec(text);
    if (found === null) throw new Error(`line ${line}: this is not closed: ${text.slice(at, at + 20)}`);
    const [whole, sign, double, single, bare] = found;
    const value = double ?? single ?? bare;
    if (sign === ';' || sign === '{' || sign === '}') yield { word: sign, line };
    else if (value !== undefined) yield { word: { value: value.replaceAll(/\\(["'\\ ])/g, '$1') }, line };
    line += whole.split('\n').length - 1;
  }
}
