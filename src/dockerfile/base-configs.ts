/** What is known of base images without asking anybody: Debian's, and those of the same repository. */
import { existsSync, readFileSync } from 'node:fs';
import type { RenderedImage } from '../images/records.ts';
import { repositoryOf, tryReference } from '../images/reference.ts';
import { parseDockerfile } from './parse.ts';
import type { BaseConfig } from './rules/rule.ts';
import { valuesAt } from './scope.ts';
import type { Instruction } from './types.ts';
import { baseOf, finalStages } from './upstreams.ts';

/** Looks up references; those that nothing is known of are `undefined`. */
export function knownConfigs(siblings: readonly RenderedImage[]): (reference: string) => BaseConfig | undefined {
  const known = new Map<string, BaseConfig | undefined>();
  const find = (written: string): BaseConfig | undefined => {
    const reference = tryReference(written);
    if (reference === undefined) return undefined;
    const repository = repositoryOf(reference);
    // Official images of Debian set nothing but `PATH`.
    if (/\/library\/debian$/.test(repository)) return { environment: {} };
    if (known.has(repository)) return known.get(repository);
    known.set(repository, undefined);
    const sibling = siblings.find((image) => image.repository === repository);
    if (sibling !== undefined && existsSync(sibling.dockerfile)) known.set(repository, configOf(sibling, find));
    return known.get(repository);
  };
  return find;
}

/** The configuration that a Dockerfile gives its image, when that of its own base is known. */
function configOf(image: RenderedImage, find: (reference: string) => BaseConfig | undefined): BaseConfig | undefined {
  const { buildArgs, target } = image;
  const [platform] = image.platforms;
  const parsed = parseDockerfile(readFileSync(image.dockerfile, 'utf8'), image.template);
  if (parsed.problems.length > 0) return undefined;
  const base = baseOf(parsed, buildArgs, target, platform);
  const below = base === undefined || base.reference === 'scratch' ? { environment: {} } : find(base.reference);
  const stages = finalStages(parsed, buildArgs, target, platform);
  const [last] = stages;
  if (below === undefined || last === undefined) return undefined;
  const all = stages.toReversed().flatMap(({ instructions }) => instructions);
  const names = new Set(all.filter(({ keyword }) => keyword === 'ENV').flatMap(environmentNames));
  const values = valuesAt(parsed, last, undefined, buildArgs, platform);
  const own = [...names].map((name) => [name, values.get(name) ?? ''] as const);
  const shell = all.findLast(({ keyword }) => keyword === 'SHELL')?.words.map(({ text }) => text) ?? below.shell;
  const triggers = last.instructions.flatMap(({ trigger }) => (trigger === undefined ? [] : [sourceOf(trigger)]));
  return {
    environment: { ...below.environment, ...Object.fromEntries(own) },
    ...(shell === undefined ? {} : { shell }),
    triggers,
  };
}

function environmentNames({ words }: Instruction): readonly string[] {
  const [first] = words;
  if (first === undefined) return [];
  return first.text.includes('=') ? words.map(({ text }) => text.slice(0, text.indexOf('='))) : [first.text];
}

function sourceOf({ keyword, flags, body, heredocs }: Instruction): string {
  const options = flags.map(({ name, value }) => (value === undefined ? `--${name}` : `--${name}=${value}`));
  const documents = heredocs.map(({ content, name }) => `\n${content.text}${name}`);
  return `${[keyword, ...options, body.text].join(' ')}${documents.join('')}`;
}
