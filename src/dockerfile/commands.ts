/** Which programs a `RUN` calls, through `sudo`, `sh -c`, heredocs and the like. */
import { type Command, type ShellWord, shellCommands } from './shell.ts';
import { positionAt, type SourceText } from './source.ts';
import type { Instruction, ParsedDockerfile, Stage, Word } from './types.ts';

/** A program call: `words[0]` is its name without folder, e.g. `apt-get`. */
export interface Call {
  readonly name: string;
  /** What follows the name. */
  readonly args: readonly Word[];
  readonly instruction: Instruction;
  readonly stage: Stage;
}

const cache = new WeakMap<ParsedDockerfile, readonly Call[]>();

/** Every program call of every `RUN`, triggers included, in order of appearance. */
export function callsOf(parsed: ParsedDockerfile): readonly Call[] {
  const known = cache.get(parsed);
  if (known !== undefined) return known;
  const calls = parsed.stages.flatMap(stageCalls);
  cache.set(parsed, calls);
  return calls;
}

function stageCalls(stage: Stage): readonly Call[] {
  const calls: Call[] = [];
  let shell = true;
  for (const written of stage.instructions) {
    const instruction = written.trigger ?? written;
    if (instruction.keyword === 'SHELL') shell = isShell(instruction.words[0]?.text ?? 'sh');
    if (instruction.keyword !== 'RUN' || !(shell || instruction.json)) continue;
    for (const command of runCommands(instruction)) calls.push(...programs(command, instruction, stage));
  }
  return calls;
}

function isShell(path: string): boolean {
  return /^(?:ba|da|a|k|mk|z)?sh$/.test(baseName(path));
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function runCommands(instruction: Instruction): readonly Command[] {
  const { body, json, words, heredocs } = instruction;
  if (json) {
    const own = words.map((word): ShellWord => ({ ...word, source: textOf(word) }));
    const [first] = own;
    return first === undefined ? [] : [{ line: first.line, column: first.column, words: own, piped: false }];
  }
  const [only] = heredocs;
  if (only !== undefined && heredocs.length === 1 && /^\d*<<-?\s*\S+$/.test(body.text))
    return isForeignScript(only.content.text) ? [] : shellCommands(only.content);
  const commands = shellCommands(body);
  // `bash <<EOF`: the heredoc is what the shell reads.
  const fed = commands.some(({ words: [name, ...args] }) => isShell(name?.text ?? '') && args.every(isOption));
  return fed ? [...commands, ...heredocs.flatMap(({ content }) => shellCommands(content))] : commands;
}

function textOf({ text, line, column }: Word): SourceText {
  return { text, marks: [{ offset: 0, line, column }] };
}

function isOption({ text }: Word): boolean {
  return text.startsWith('-');
}

/** A script with a first line that names another interpreter than a shell. */
function isForeignScript(text: string): boolean {
  const [, interpreter, argument = ''] = /^#!\s*(\S+)(?:[ \t]+(\S+))?/.exec(text) ?? [];
  if (interpreter === undefined) return false;
  return !isShell(baseName(interpreter) === 'env' ? argument : interpreter);
}

/** Programs that run the command behind their options; with the options that take a value. */
const wrappers: Readonly<Record<string, string>> = {
  sudo: 'ugCDhprRtTU',
  doas: 'uC',
  env: 'uCS',
  exec: 'a',
  command: '',
  builtin: '',
  nohup: '',
  nice: 'n',
  ionice: 'cnp',
  stdbuf: 'ioe',
  setarch: '',
  xargs: 'adEIiLlnPs',
  gosu: '',
  chroot: '',
  eatmydata: '',
  'su-exec': '',
  timeout: 'ks',
  time: 'fo',
  retry: 'dt',
};

/** Words that come before the command although they are no options. */
const operands: Readonly<Record<string, number>> = { gosu: 1, 'su-exec': 1, chroot: 1, timeout: 1 };

function programs(command: Command, instruction: Instruction, stage: Stage, depth = 0): readonly Call[] {
  const [first, ...args] = command.words;
  if (first === undefined || depth > 8) return [];
  const name = baseName(first.text);
  const inner = (nested: readonly Command[]): readonly Call[] =>
    nested.flatMap((next) => programs(next, instruction, stage, depth + 1));
  const script = scriptOf(name, args);
  if (script !== undefined) return inner(shellCommands(script.source));
  const values = wrappers[name];
  if (values === undefined) return [{ name, args, instruction, stage }];
  const rest = behindOptions(args, values, operands[name] ?? 0);
  const [next] = rest;
  return next === undefined ? [] : inner([{ ...positionAt(next.source, 0), words: rest, piped: false }]);
}

/** The script in `sh -c '…'`, `bash -euxc '…'`, `su user -c '…'`, `eval '…'`. */
function scriptOf(name: string, args: readonly ShellWord[]): ShellWord | undefined {
  if (name === 'eval') return args[0];
  if (!isShell(name) && name !== 'su' && name !== 'runuser') return undefined;
  const flag = args.findIndex(({ text }) => /^-[a-z]*c$/.test(text) || text === '--command');
  if (flag < 0) return undefined;
  return args.slice(flag + 1).find((word) => !isOption(word));
}

function behindOptions(words: readonly ShellWord[], withValue: string, skip: number): readonly ShellWord[] {
  let left = skip;
  for (let at = 0; at < words.length; at += 1) {
    const text = words[at]?.text ?? '';
    if (text === '--') return words.slice(at + 1 + left);
    if (/^-[A-Za-z]$/.test(text) && withValue.includes(text.charAt(1))) at += 1;
    else if (!text.startsWith('-') && !/^[A-Za-z_]\w*=/.test(text)) {
      if (left === 0) return words.slice(at);
      left -= 1;
    }
  }
  return [];
}
