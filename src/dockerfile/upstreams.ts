/** Which stages a build needs, and what they build on. */
import { tryReference } from '../images/reference.ts';
import { fail, ProblemsError } from '../problems.ts';
import { readMount } from './mounts.ts';
import type { Position } from './source.ts';
import type { Flag, Instruction, ParsedDockerfile, ParseProblem, Stage } from './types.ts';
import { type Expanded, expandWords } from './words.ts';

export interface UpstreamReference extends Position {
  /** As written, variables expanded. */
  readonly reference: string;
}

export interface UpstreamOptions {
  /** Platforms that are built for: `TARGETARCH` may choose a base. */
  readonly platforms?: readonly string[];
  /** Names that the build maps to contexts of its own. */
  readonly contexts?: ReadonlySet<string>;
}

type BuildArgs = Readonly<Record<string, string>>;

/**
 * References of other images that a build of the target pulls: each needed stage's base, `COPY --from` and
 * `RUN --mount=from`, each once, in order of appearance. Stages that the target doesn't need are left out, as the
 * builder skips them.
 * @throws ProblemsError when the target is unknown, or a reference is empty or malformed after expansion
 */
export function upstreamReferences(
  parsed: ParsedDockerfile,
  buildArgs: BuildArgs = {},
  target?: string,
  options: UpstreamOptions = {},
): readonly UpstreamReference[] {
  const { references, problems } = resolveReferences(parsed, buildArgs, target, options);
  if (problems.length === 0) return references;
  const { file } = parsed;
  throw new ProblemsError(
    problems.map(({ line, column, ...problem }) => ({ ...problem, place: { file, line, column } })),
  );
}

/**
 * As `upstreamReferences`, with the problems next to what is right. The builder also stops at a reference that it can't
 * read in a stage that it doesn't need.
 */
export function resolveReferences(
  parsed: ParsedDockerfile,
  buildArgs: BuildArgs,
  target?: string,
  { platforms = ['linux/amd64'], contexts }: UpstreamOptions = {},
): { readonly references: readonly UpstreamReference[]; readonly problems: readonly ParseProblem[] } {
  const references = new Map<string, UpstreamReference>();
  const problems = new Map<string, ParseProblem>();
  const report = (problem: ParseProblem): unknown => problems.set(JSON.stringify(problem), problem);
  for (const platform of platforms) {
    const values = globalValues(parsed, buildArgs, platform);
    const needed = neededStages(parsed, buildArgs, target, platform);
    for (const stage of parsed.stages) {
      for (const found of [baseReference(parsed, stage, values), ...sourceReferences(parsed, stage)]) {
        if (found === undefined) continue;
        if ('message' in found) report(found);
        else if (found.reference === 'scratch' || contexts?.has(found.reference)) continue;
        else if (tryReference(found.reference) !== undefined) {
          if (needed.includes(stage) && !references.has(found.reference)) references.set(found.reference, found);
        } else {
          report({
            line: found.line,
            column: found.column,
            message: `'${found.reference}' is neither a stage nor an image reference`,
            hint: 'write the name of a stage, or [registry/]name[:tag][@digest]',
          });
        }
      }
    }
  }
  const byPlace = (a: Position, b: Position): number => a.line - b.line || a.column - b.column;
  return {
    references: [...references.values()].toSorted(byPlace),
    problems: [...problems.values()].toSorted(byPlace),
  };
}

/** The stages that the target is made of, in file order; empty for a Dockerfile without any. */
export function neededStages(
  parsed: ParsedDockerfile,
  buildArgs: BuildArgs = {},
  target?: string,
  platform = 'linux/amd64',
): readonly Stage[] {
  const values = globalValues(parsed, buildArgs, platform);
  const needed = new Set<Stage>();
  const visit = (stage: Stage | undefined): void => {
    if (stage === undefined || needed.has(stage)) return;
    needed.add(stage);
    visit(stageNamed(parsed, expandBase(stage, values).text, stage.index));
    for (const { value } of fromFlags(stage)) visit(stageNamed(parsed, value));
  };
  visit(targetStage(parsed, target));
  return parsed.stages.filter((stage) => needed.has(stage));
}

/**
 * The stages whose files are in the image: the target, the stage it begins with, and so on. The last one's base is the
 * base of the image.
 */
export function finalStages(
  parsed: ParsedDockerfile,
  buildArgs: BuildArgs = {},
  target?: string,
  platform = 'linux/amd64',
): readonly Stage[] {
  const values = globalValues(parsed, buildArgs, platform);
  const chain: Stage[] = [];
  for (let stage = targetStage(parsed, target); stage !== undefined; ) {
    chain.push(stage);
    stage = stageNamed(parsed, expandBase(stage, values).text, stage.index);
  }
  return chain;
}

/** What the image stands on: the base of the last of its final stages, as written with variables expanded. */
export function baseOf(
  parsed: ParsedDockerfile,
  buildArgs: BuildArgs = {},
  target?: string,
  platform = 'linux/amd64',
): UpstreamReference | undefined {
  const stage = finalStages(parsed, buildArgs, target, platform).at(-1);
  if (stage === undefined) return undefined;
  const { line, column } = stage.base;
  return { reference: expandBase(stage, globalValues(parsed, buildArgs, platform)).text, line, column };
}

/** Variables outside of stages: defaults, build arguments and the builder's own. */
export function globalValues(
  parsed: ParsedDockerfile,
  buildArgs: BuildArgs,
  platform = 'linux/amd64',
  target?: string,
): ReadonlyMap<string, string> {
  const [os = '', architecture = '', variant = ''] = platform.split('/');
  const values = new Map<string, string>(
    Object.entries({
      BUILDPLATFORM: platform,
      BUILDOS: os,
      BUILDOSVERSION: '',
      BUILDARCH: architecture,
      BUILDVARIANT: variant,
      TARGETPLATFORM: platform,
      TARGETOS: os,
      TARGETOSVERSION: '',
      TARGETARCH: architecture,
      TARGETVARIANT: variant,
      TARGETSTAGE: target || parsed.stages.at(-1)?.name || 'default',
    }),
  );
  for (const name of values.keys()) {
    const given = buildArgs[name];
    if (given !== undefined) values.set(name, given);
  }
  for (const { name, value } of parsed.globalArgs) {
    const given = Object.hasOwn(buildArgs, name) ? buildArgs[name] : undefined;
    const chosen = given ?? (value === undefined ? undefined : expandValue(parsed.escape, value, values));
    if (chosen !== undefined) values.set(name, chosen);
  }
  return values;
}

export function expandValue(escapeToken: string, text: string, values: ReadonlyMap<string, string>): string {
  return expandWords(text, { escape: escapeToken, value: (name) => values.get(name) }).text;
}

function expandBase(stage: Stage, values: ReadonlyMap<string, string>): Expanded {
  return expandWords(stage.base.text, { escape: '\\', value: (name) => values.get(name) });
}

/** `undefined` for a stage of the same file. */
type FoundReference = UpstreamReference | ParseProblem | undefined;

function baseReference(parsed: ParsedDockerfile, stage: Stage, values: ReadonlyMap<string, string>): FoundReference {
  const { text: written, line, column } = stage.base;
  // A FROM without an image is a problem of form, reported there.
  if (written === '') return undefined;
  const { text, unset, error } = expandBase(stage, values);
  if (error !== undefined) return { line, column, message: `'${written}' can't be expanded: ${error}` };
  if (text === '') {
    const hint =
      unset.length === 0
        ? 'name an image'
        : `give ${unset.join(', ')} a default with ARG before the first FROM, or a build argument`;
    return { line, column, message: `the base of this stage, '${written}', is empty`, hint };
  }
  return stageNamed(parsed, text, stage.index) === undefined ? { reference: text, line, column } : undefined;
}

function sourceReferences(parsed: ParsedDockerfile, stage: Stage): readonly FoundReference[] {
  return fromFlags(stage).map(({ value, line, column }) => {
    if (stageNamed(parsed, value) !== undefined) return undefined;
    // A variable in it is a problem of form, reported there.
    if (value.includes('$')) return undefined;
    if (!/^\d+$/.test(value)) return { reference: value, line, column };
    const hint = `stages count from 0; the last one is ${parsed.stages.length - 1}`;
    return { line, column, message: `there is no stage ${value}`, hint };
  });
}

/** Stages that need themselves: the builder can't order them. */
export function stageCycles(parsed: ParsedDockerfile): readonly ParseProblem[] {
  return parsed.stages.flatMap((stage) =>
    fromFlags(stage)
      .filter(({ value }) => reaches(parsed, stageNamed(parsed, value), stage, new Set()))
      .map(({ value, line, column }) => ({
        line,
        column,
        message: `this stage copies from '${value}', which needs this stage`,
        hint: 'split the stage so that none needs itself',
      })),
  );
}

function reaches(parsed: ParsedDockerfile, from: Stage | undefined, wanted: Stage, seen: Set<Stage>): boolean {
  if (from === undefined || seen.has(from)) return false;
  if (from === wanted) return true;
  seen.add(from);
  const next = [
    stageNamed(parsed, from.base.text, from.index),
    ...fromFlags(from).map((f) => stageNamed(parsed, f.value)),
  ];
  return next.some((stage) => reaches(parsed, stage, wanted, seen));
}

function targetStage(parsed: ParsedDockerfile, target: string | undefined): Stage | undefined {
  const problem = stageProblem(parsed, target);
  if (problem !== undefined) fail(problem.message, { hint: problem.hint ?? '', place: { file: parsed.file } });
  return target === undefined || target === '' ? parsed.stages.at(-1) : stageNamed(parsed, target);
}

/** What is wrong with a target: there is no such stage. */
export function stageProblem(parsed: ParsedDockerfile, target: string | undefined): ParseProblem | undefined {
  if (target === undefined || target === '' || stageNamed(parsed, target) !== undefined) return undefined;
  const names = parsed.stages.flatMap(({ name }) => (name === undefined ? [] : [name]));
  return {
    line: 1,
    column: 1,
    message: `there is no stage '${target}' to build`,
    hint: names.length === 0 ? 'name a stage with FROM … AS name' : `stages are ${names.join(', ')}`,
  };
}

/**
 * `before` limits to earlier stages: a `FROM` can't name a later one, and has to write it in lower case, where other
 * instructions needn't. A repeated name means the last.
 */
export function stageNamed(parsed: ParsedDockerfile, name: string, before?: number): Stage | undefined {
  const wanted = before === undefined ? name.toLowerCase() : name;
  const candidates = parsed.stages.slice(0, before);
  const named = candidates.findLast((stage) => stage.name === wanted);
  if (named !== undefined || before !== undefined || !/^\d+$/.test(name)) return named;
  return parsed.stages[Number(name)];
}

interface FromFlag extends Position {
  readonly value: string;
}

/** `--from` and `--mount=…,from=` of the stage's own instructions; triggers run elsewhere. */
export function fromFlags(stage: Stage): readonly FromFlag[] {
  return stage.instructions.flatMap((instruction) => instruction.flags.flatMap((flag) => fromFlag(instruction, flag)));
}

function fromFlag({ keyword }: Instruction, { name, value = '', line, column }: Flag): readonly FromFlag[] {
  if (keyword === 'COPY' && name === 'from' && value !== '') return [{ value, line, column }];
  if (keyword !== 'RUN' || name !== 'mount') return [];
  const { type, from } = readMount(value);
  return from !== undefined && (type === 'bind' || type === 'cache') ? [{ value: from, line, column }] : [];
}
