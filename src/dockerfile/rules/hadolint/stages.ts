/** `FROM` as hadolint reads it: variables are left as they are written. */
import type { Instruction, ParsedDockerfile, Stage } from '../../types.ts';

export interface WrittenBase {
  /** Host, where the first part of the name is one. */
  readonly registry?: string;
  /** Without host, tag and digest. */
  readonly name: string;
  readonly tag?: string;
  readonly digest?: string;
}

export function writtenBase({ base }: Stage): WrittenBase {
  const [named = '', digest] = base.text.split('@');
  const slash = named.indexOf('/');
  const first = slash < 0 ? '' : named.slice(0, slash);
  const isHost = first.includes('.');
  const rest = isHost ? named.slice(slash + 1) : named;
  const [, name = rest, tag] = /^((?:[^:$]|\$\{[^}]*\}|\$(?!\{))*):(.*)$/s.exec(rest) ?? [];
  return {
    ...(isHost ? { registry: first } : {}),
    name,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** The name of a stage as it is written. */
export function writtenName({ from }: Stage): string | undefined {
  return from.words[2]?.text;
}

/** The earlier stage that a stage begins with. */
export function writtenParent({ stages }: ParsedDockerfile, stage: Stage): Stage | undefined {
  const { name } = writtenBase(stage);
  return stages.slice(0, stage.index).findLast((other) => writtenName(other) === name);
}

/** Whether what a stage leaves behind is in the image, or in a stage that goes on from it. */
export function goesOn({ stages }: ParsedDockerfile, stage: Stage): boolean {
  const name = writtenName(stage);
  const last = stages.at(-1);
  // Stages that begin with the same words are one to hadolint.
  const same = stage.from.body.text === last?.from.body.text && stage.platform === last.platform;
  return same || (name !== undefined && stages.some((other) => writtenBase(other).name === name));
}

/** What a name or value is without the quotes around it. */
export function unquoted(text: string): string {
  return text.replace(/^["']+|["']+$/g, '');
}

/** Source and destination of `COPY` and `ADD`; heredocs are sources too. */
export function copyPaths({ words }: Instruction): { readonly sources: readonly string[]; readonly target: string } {
  const paths = words.map(({ text }) => text);
  return { sources: paths.slice(0, -1), target: paths.at(-1) ?? '' };
}

export function copySourceName({ flags }: Instruction): string | undefined {
  return flags.find(({ name }) => name === 'from')?.value;
}

const archiveEndings = /\.(?:tar|Z|bz2|gz|lz|lzma|tZ|tb2|tbz|tbz2|tgz|tlz|tpz|txz|xz)$/;

/** What `ADD` unpacks. */
export function isArchive(path: string): boolean {
  return archiveEndings.test(unquoted(path));
}
