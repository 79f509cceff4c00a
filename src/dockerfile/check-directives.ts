/** `# check=skip=…;error=true`, of the whole file or above one instruction: https://docs.docker.com/build/checks/ */
import type { Instruction, ParsedDockerfile, ParseProblem } from './types.ts';

export interface CheckOptions {
  readonly skip: readonly string[] | 'all';
  readonly experimental: readonly string[] | 'all';
  /** Whether every finding of Docker's checks is an error. */
  readonly error: boolean;
}

export const noCheckOptions: CheckOptions = { skip: [], experimental: [], error: false };

/** What the directive at the top says, or the build argument that stands for it; `undefined` for what is no option. */
export function fileCheckOptions(
  { directives }: ParsedDockerfile,
  buildArgs: Readonly<Record<string, string>>,
): CheckOptions | undefined {
  const given = buildArgs.BUILDKIT_DOCKERFILE_CHECK;
  if (given !== undefined) return parseCheckOptions(given);
  const directive = directives.find(({ name }) => name === 'check');
  return directive === undefined ? noCheckOptions : parseCheckOptions(firstWord(directive.value));
}

/** The problem that the builder has with the directive. */
export function checkDirectiveProblem(
  parsed: ParsedDockerfile,
  buildArgs: Readonly<Record<string, string>>,
): ParseProblem | undefined {
  if (fileCheckOptions(parsed, buildArgs) !== undefined) return undefined;
  const line = parsed.directives.find(({ name }) => name === 'check')?.line ?? 1;
  const hint = 'write # check=skip=Name,Name;error=true, without space';
  return { line, column: 1, message: 'the directive check has an option that there is none of', hint };
}

/** What the comments above an instruction add. */
export function instructionCheckOptions({ description }: Instruction): CheckOptions {
  for (const comment of description) {
    const [, value] = /^check\s*=\s*(.+?)\s*$/i.exec(comment) ?? [];
    if (value !== undefined) return parseCheckOptions(firstWord(value)) ?? noCheckOptions;
  }
  return noCheckOptions;
}

export function isSkipped({ skip }: CheckOptions, rule: string): boolean {
  return skip === 'all' || skip.includes(rule);
}

export function isAskedFor({ experimental }: CheckOptions, rule: string): boolean {
  return experimental === 'all' || experimental.includes(rule);
}

function firstWord(text: string): string {
  const space = text.indexOf(' ');
  return space < 0 ? text : text.slice(0, space);
}

function parseCheckOptions(text: string): CheckOptions | undefined {
  let options = noCheckOptions;
  if (text.trim() === '') return options;
  const [first = '', second, ...rest] = text.trim().split(';');
  for (const part of [first, second, rest.length > 0 ? rest.join(';') : undefined]) {
    if (part === undefined) continue;
    const equals = part.indexOf('=');
    if (equals < 0) return undefined;
    const [key, value] = [part.slice(0, equals).trim(), part.slice(equals + 1).trim()];
    if (key === 'skip' || key === 'experimental') options = { ...options, [key]: names(value) };
    else if (key === 'error' && /^(?:1|t|true|0|f|false)$/i.test(value))
      options = { ...options, error: /^(?:1|t)/i.test(value) };
    else return undefined;
  }
  return options;
}

function names(value: string): readonly string[] | 'all' {
  return value === 'all' ? 'all' : value.split(',').map((name) => name.trim());
}
