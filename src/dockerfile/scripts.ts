/**
 * What each `RUN` calls, as hadolint sees it: simple commands as they are written, nothing looked into that a program
 * is given to run. `commands.ts` looks further, for the rules of the fleet.
 */
import { type Command, shellCommands } from './shell.ts';
import { positionAt, type SourceText } from './source.ts';
import type { Instruction, ParsedDockerfile, Stage } from './types.ts';

export interface Script {
  readonly stage: Stage;
  /** The `RUN`, or the `ONBUILD` that it is part of. */
  readonly outer: Instruction;
  readonly run: Instruction;
  readonly text: string;
  readonly programs: readonly Program[];
  readonly hasPipe: boolean;
}

export interface Program {
  readonly name: string;
  readonly args: readonly string[];
  /** Names of the options among the arguments: `y` and `q` for `-yq`, `no-install-recommends` for the long ones. */
  readonly flags: readonly string[];
}

const cache = new WeakMap<ParsedDockerfile, readonly Script[]>();

/** Every `RUN`, those of triggers included. */
export function scriptsOf(parsed: ParsedDockerfile): readonly Script[] {
  const known = cache.get(parsed);
  if (known !== undefined) return known;
  const scripts = parsed.stages.flatMap((stage) =>
    stage.instructions.flatMap((outer) => {
      const run = outer.trigger ?? outer;
      return run.keyword === 'RUN' ? [readScript(stage, outer, run)] : [];
    }),
  );
  cache.set(parsed, scripts);
  return scripts;
}

function readScript(stage: Stage, outer: Instruction, run: Instruction): Script {
  const source = scriptSource(run);
  const commands = shellCommands(source, { braces: true });
  return {
    stage,
    outer,
    run,
    text: source.text,
    programs: commands.flatMap(readProgram),
    hasPipe: commands.some(({ piped }) => piped),
  };
}

/** Of an exec form, the words one behind the other; of a heredoc, its content; nothing where one is mixed in. */
function scriptSource({ json, words, body, heredocs: [heredoc] }: Instruction): SourceText {
  if (json) return { text: words.map(({ text }) => text).join(' '), marks: [{ offset: 0, ...positionAt(body, 0) }] };
  if (heredoc === undefined) return body;
  return body.text.startsWith('<<') ? heredoc.content : { text: '', marks: body.marks };
}

/** The script of any text, such as what `SHELL` names. */
export function programsOf(text: string): readonly Program[] {
  const source = { text, marks: [{ offset: 0, line: 1, column: 1 }] };
  return shellCommands(source, { braces: true }).flatMap(readProgram);
}

/** Words that begin a compound command, or a test. */
const compound = /^(?:for|case|select|function|in|\[|\[\[)$/;
/** What stands behind these and their options is the command. */
const prefixes = /^(?:command|builtin|exec|busybox)$/;

function readProgram({ words }: Command): readonly Program[] {
  const [first, ...rest] = words.map(({ text }) => text);
  if (first === undefined || compound.test(first) || first.includes('${')) return [];
  const behind = prefixes.test(first) ? behindPrefix(first, rest) : undefined;
  const [name = first, ...args] = behind ?? [first, ...rest];
  return [{ name, args, flags: args.flatMap(flagNames) }];
}

/** `command -v sudo` calls nothing of that name, `exec -a name sudo` does. */
function behindPrefix(prefix: string, words: readonly string[]): readonly string[] | undefined {
  const options = prefix === 'exec' && words[0] === '-a' ? 2 : 0;
  return words[options]?.startsWith('-') ? undefined : words.slice(options);
}

function flagNames(arg: string): readonly string[] {
  if (arg === '-' || arg === '--') return [];
  if (arg.startsWith('--')) return [arg.slice(2).replace(/=.*$/s, '')];
  return arg.startsWith('-') ? [...arg.slice(1)] : [];
}

/** Whether it is the program with at least one of the arguments. */
export function calls({ name, args }: Program, names: string | readonly string[], wanted: readonly string[]): boolean {
  return (
    (typeof names === 'string' ? name === names : names.includes(name)) && wanted.some((arg) => args.includes(arg))
  );
}

export function hasFlag({ flags }: Program, ...names: readonly string[]): boolean {
  return names.some((name) => flags.includes(name));
}

/** Arguments that are no options, nor stand behind one of those that take a value. */
export function plainArgs({ args }: Program, valued: readonly string[] = []): readonly string[] {
  return args.filter((arg, index) => {
    const before = args[index - 1];
    return (
      flagNames(arg).length === 0 &&
      !(before !== undefined && !before.includes('=') && flagNames(before).some((name) => valued.includes(name)))
    );
  });
}

/** The arguments that stand behind `-name` or are glued to it. */
export function flagValues({ args }: Program, name: string): readonly string[] {
  return args.filter((_, index) => flagNames(args[index - 1] ?? '').includes(name));
}

export function isPipInstall({ name, args }: Program): boolean {
  if (name.startsWith('pip') && name !== 'pipenv') return args.includes('install');
  return name.startsWith('python') && /(?:^| )-m pip install(?: |$)/.test(args.join(' '));
}

/** Whether a `RUN` keeps a folder out of the image: in a cache of the builder's, or in memory. */
export function keepsOut({ flags }: Instruction, folder: RegExp): boolean {
  return flags.some(({ name, value = '' }) => {
    const fields = value.split(',');
    if (name !== 'mount' || !fields.some((field) => field === 'type=cache' || field === 'type=tmpfs')) return false;
    return fields.some((field) => {
      const [, target] = /^(?:target|dst|destination)=["']?(.*?)["']?$/.exec(field) ?? [];
      return target !== undefined && folder.test(target);
    });
  });
}
