/**
 * What the builder makes of each instruction, in the order in which it comes to them: variables replaced, `ONBUILD`
 * triggers of the base put in front. As in
 * https://github.com/moby/buildkit/blob/v0.34.2/frontend/dockerfile/dockerfile2llb/convert.go
 */
import { argumentsOf } from './arguments.ts';
import { readHeredoc } from './lines.ts';
import { parseDockerfile } from './parse.ts';
import { type ExposedPort, parsePort } from './ports.ts';
import type { BaseConfig, RuleContext } from './rules/rule.ts';
import { pairsOf } from './scope.ts';
import { isSignal } from './signals.ts';
import type { Position } from './source.ts';
import type { Instruction, ParseProblem, Stage } from './types.ts';
import { fromFlags, globalValues, neededStages, stageNamed } from './upstreams.ts';
import { type Expanded, expandWords } from './words.ts';

export interface Step {
  readonly stage: Stage;
  readonly instruction: Instruction;
  /** Where the builder says it is: the stage's `FROM` for a trigger. */
  readonly place: Position;
  /** Whether it comes from an `ONBUILD` of the base. */
  readonly triggered: boolean;
  /** Variables that are not set, once for each word that has them. */
  readonly unmatched: readonly string[];
  /** Names of the variables that are set before it. */
  readonly known: readonly string[];
  /** Words with their variables replaced: of `COPY` and `ADD` sources and destination, else all. */
  readonly words: readonly string[];
  /** Names of `ENV` and `ARG`. */
  readonly names: readonly string[];
  /** The `SHELL` in force, of the base image too; `undefined` where the builder's own is. */
  readonly shell: readonly string[] | undefined;
}

export interface Evaluation {
  readonly steps: readonly Step[];
  /** What the builder stops at. */
  readonly problems: readonly ParseProblem[];
}

/** What a stage hands on to those that begin with it. */
interface State {
  readonly values: Map<string, string>;
  /** Declared with `ARG`, with or without a value. */
  readonly declared: Set<string>;
  /** Whether the base may set variables that nobody knows here. */
  open: boolean;
  shell: readonly string[] | undefined;
}

const cache = new WeakMap<RuleContext, Evaluation>();

export function evaluate(context: RuleContext): Evaluation {
  const known = cache.get(context);
  if (known !== undefined) return known;
  const evaluation = evaluateAll(context);
  cache.set(context, evaluation);
  return evaluation;
}

const builtIn: ReadonlySet<string> = new Set(['BUILDKIT_SBOM_SCAN_CONTEXT', 'BUILDKIT_SBOM_SCAN_STAGE']);

function evaluateAll(context: RuleContext): Evaluation {
  const { dockerfile, image } = context;
  const platform = image.platforms[0];
  const globals = globalsOf(context);
  const reachable = neededStages(dockerfile, image.buildArgs, image.target, platform);
  const states = new Map<Stage, State>();
  const steps: Step[] = [];
  const problems: ParseProblem[] = [];
  for (const stage of image.target === undefined || image.target === '' ? dockerfile.stages : reachable) {
    const base = expandWords(stage.base.text, lexer(dockerfile.escape, globals)).text;
    const parent = parentOf(context, stage);
    const config = parent === undefined ? configOf(context, base) : undefined;
    const state = beginning(parent === undefined ? undefined : states.get(parent), config, parent === undefined);
    for (const { value, line, column } of fromFlags(stage)) {
      const named = stageNamed(dockerfile, value);
      if (named === undefined || named.index <= stage.index) continue;
      const hint = 'move it above this one';
      problems.push({ line, column, message: `the stage '${value}' stands further down`, hint });
    }
    const triggers = reachable.includes(stage) ? triggersOf(parent, config) : [];
    for (const instruction of [...triggers, ...stage.instructions]) {
      const triggered = triggers.includes(instruction);
      const { line, column } = triggered ? stage.from : instruction;
      const step = run(context, globals, state, { stage, instruction, triggered, place: { line, column } }, problems);
      steps.push(step);
    }
    states.set(stage, state);
  }
  return { steps, problems };
}

/** Variables outside of stages. */
export function globalsOf({ dockerfile, image }: RuleContext): ReadonlyMap<string, string> {
  return globalValues(dockerfile, image.buildArgs, image.platforms[0], image.target);
}

/** The stage that a stage begins with. */
export function parentOf(context: RuleContext, { base, index }: Stage): Stage | undefined {
  const { text } = expandWords(base.text, lexer(context.dockerfile.escape, globalsOf(context)));
  return stageNamed(context.dockerfile, text, index);
}

/** Of the words of a `COPY` or `ADD`, the sources that are no heredocs. */
export function copySources({ words }: Instruction, expanded: readonly string[]): readonly string[] {
  return expanded.slice(0, words.filter(({ text }) => readHeredoc(text) === undefined).length - 1);
}

interface Exposed {
  readonly text: string;
  readonly port: ExposedPort;
  readonly place: Position;
  readonly subject: { readonly subject?: Instruction };
}

/** Every port of every `EXPOSE`, up to the first that the builder refuses. */
export function exposedPorts(context: RuleContext): readonly Exposed[] {
  return evaluate(context).steps.flatMap(({ instruction, place, words, triggered }) =>
    instruction.keyword !== 'EXPOSE'
      ? []
      : words.map((text) => ({
          text,
          place,
          port: parsePort(text),
          subject: triggered ? {} : { subject: instruction },
        })),
  );
}

function configOf(context: RuleContext, reference: string): BaseConfig | undefined {
  if (reference === 'scratch') return { environment: {} };
  return context.baseConfig(reference);
}

function beginning(parent: State | undefined, config: BaseConfig | undefined, isImage: boolean): State {
  return {
    values: new Map(parent?.values ?? [['PATH', ''], ...Object.entries(config?.environment ?? {})]),
    declared: new Set(parent?.declared),
    open: parent?.open ?? (isImage && config === undefined),
    shell: parent === undefined ? nonEmpty(config?.shell) : parent.shell,
  };
}

function nonEmpty(shell: readonly string[] | undefined): readonly string[] | undefined {
  return shell === undefined || shell.length === 0 ? undefined : shell;
}

function triggersOf(parent: Stage | undefined, config: BaseConfig | undefined): readonly Instruction[] {
  const own = parent?.instructions.flatMap(({ trigger }) => (trigger === undefined ? [] : [trigger]));
  // Triggers of an image have no line here.
  return (
    own ??
    config?.triggers?.flatMap((text) => parseDockerfile(`FROM scratch\n${text}`).stages[0]?.instructions ?? []) ??
    []
  );
}

function run(
  { dockerfile: { escape: token }, image: { buildArgs } }: RuleContext,
  globals: ReadonlyMap<string, string>,
  state: State,
  step: Pick<Step, 'stage' | 'instruction' | 'triggered' | 'place'>,
  problems: ParseProblem[],
): Step {
  const { instruction, place } = step;
  const { keyword } = instruction;
  const known = [...state.values.keys()];
  const unmatched: string[] = [];
  const take = (expanded: Expanded): Expanded => {
    const missing = expanded.unmatched.filter((name) => !state.declared.has(name) && !builtIn.has(name));
    if (!state.open) unmatched.push(...missing);
    if (expanded.error !== undefined)
      problems.push({ ...place, message: `${keyword} has a word that can't be expanded: ${expanded.error}` });
    return expanded;
  };
  const expand = (text: string): string => take(expandWords(text, lexer(token, state.values))).text;
  const words: string[] = [];
  const names: string[] = [];
  if (keyword === 'ENV' || keyword === 'LABEL') {
    const pairs = pairsOf(instruction).map(([name, value]) => [expand(name), expand(value)] as const);
    names.push(...pairs.map(([name]) => name));
    words.push(...pairs.map(([, value]) => value));
    if (keyword === 'ENV') for (const [name, value] of pairs) state.values.set(name, value);
  } else if (keyword === 'ARG') {
    for (const { name, value } of argumentsOf(instruction)) {
      names.push(name);
      const given = Object.hasOwn(buildArgs, name) ? buildArgs[name] : undefined;
      const chosen = given ?? (value === undefined ? globals.get(name) : expand(value));
      if (chosen !== undefined && !builtIn.has(name)) state.values.set(name, chosen);
      state.declared.add(name);
    }
  } else if (keyword === 'EXPOSE') {
    const ports = instruction.words.map(({ text }) => text).toSorted(byBytes);
    // The builder replaces these without a word about what is missing.
    words.push(...ports.flatMap((port) => expandWords(port, lexer(token, state.values)).words));
    for (const text of words) {
      const { error } = parsePort(text);
      // What the base may set is not known here.
      if (error !== undefined && !state.open) problems.push({ ...place, message: `'${text}' is no port: ${error}` });
    }
  } else {
    for (const text of expandedTexts(instruction)) words.push(expand(text));
    for (const { expand: wanted, content } of keyword === 'RUN' ? [] : instruction.heredocs)
      if (wanted) take(expandWords(content.text, { ...lexer('\\', state.values), plainQuotes: true }));
    if (keyword === 'VOLUME' && !state.open && words.some((path) => path === ''))
      problems.push({ ...place, message: 'VOLUME has an empty path', hint: 'give the variable in it a value' });
    if (keyword === 'STOPSIGNAL' && !state.open && !words.every(isSignal))
      problems.push({
        ...place,
        message: `'${words[0]}' is no signal`,
        hint: 'write a name such as SIGTERM, or a number',
      });
    if (keyword === 'SHELL') state.shell = nonEmpty(instruction.words.map(({ text }) => text));
  }
  return { ...step, unmatched, known, words, names, shell: state.shell };
}

function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function lexer(
  token: string,
  values: ReadonlyMap<string, string>,
): { escape: string; value: (name: string) => string | undefined } {
  return { escape: token, value: (name) => values.get(name) };
}

const copyFlags = ['chown', 'chmod', 'checksum'];

/** The texts that the builder replaces variables in. */
function expandedTexts({ keyword, flags, words, body }: Instruction): readonly string[] {
  switch (keyword) {
    case 'ADD':
    case 'COPY':
      return [
        ...words.map(({ text }) => text).filter((text) => readHeredoc(text) === undefined),
        ...flags.flatMap(({ name, value = '' }) => (copyFlags.includes(name) ? [value] : [])),
      ];
    case 'RUN':
      return flags.flatMap(({ name, value = '' }) => (name === 'mount' ? mountValues(value) : []));
    case 'WORKDIR':
    case 'USER':
    case 'STOPSIGNAL':
      return [body.text];
    case 'VOLUME':
      return words.map(({ text }) => text);
    default:
      return [];
  }
}

function mountValues(mount: string): readonly string[] {
  return [...mount.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].flatMap(([, quoted, plain]) => {
    const field = quoted?.replaceAll('""', '"') ?? plain ?? '';
    const equals = field.indexOf('=');
    return equals < 0 ? [] : [field.slice(equals + 1)];
  });
}
