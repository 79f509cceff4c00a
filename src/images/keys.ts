/**
 * The keys of an image: hashes of what it is made from. They are kept as tags in the registry, so the text that is
 * hashed never changes under the same version number.
 */
import { sha256Hex } from '../hash.ts';
import type { BuildMaterial, Digest, InputMaterial, KeyMaterial, Keys, Platform, Upstream } from './records.ts';

/** What enters the keys of an upstream: neither how a Dockerfile spells it, nor the digest of an index. */
export type UpstreamState =
  | {
      readonly kind: 'image';
      /** Canonical. */
      readonly reference: string;
      readonly platforms: Readonly<Record<Platform, Digest>>;
    }
  | { readonly kind: 'source'; readonly repository: string; readonly ref: string; readonly commit: string };

/** The state of an upstream; `undefined` while it has none. */
export function stateOf(upstream: Upstream): UpstreamState | undefined {
  switch (upstream.kind) {
    case 'image':
      return { kind: 'image', reference: upstream.reference, platforms: upstream.platforms };
    case 'source':
      return { kind: 'source', repository: upstream.repository, ref: upstream.ref, commit: upstream.commit };
    case 'pending':
    case 'missing':
      return undefined;
  }
}

/** Key of all that can be seen of an image's inputs without rendering: 32 hex digits. */
export function inputKey(material: InputMaterial, upstreams: readonly UpstreamState[]): string {
  return inputKeyOf(material, upstreams.map(upstreamText));
}

/** The state of an upstream as it enters an input key. */
export interface UpstreamText {
  /** Canonical JSON of the state. */
  readonly text: string;
  /** The text as a JSON string. */
  readonly quoted: string;
}

export function upstreamText(state: UpstreamState): UpstreamText {
  const text =
    state.kind === 'source'
      ? canonicalJson(state)
      : `{"kind":"image","platforms":${flatJson(state.platforms)},"reference":${JSON.stringify(state.reference)}}`;
  return { text, quoted: JSON.stringify(text) };
}

/**
 * As `inputKey`, for whoever asks for very many: what is hashed is put together from texts that many images share,
 * without sorting and copying every object on the way.
 * @param upstreams `upstreamText` of each
 */
export function inputKeyOf({ objects }: InputMaterial, upstreams: readonly UpstreamText[]): string {
  const sorted = upstreams.length < 2 ? upstreams : upstreams.toSorted(byText);
  let list = '';
  let before: string | undefined;
  for (const { text, quoted } of sorted) {
    if (text === before) continue;
    list += before === undefined ? quoted : `,${quoted}`;
    before = text;
  }
  return hashText('input 1', `{"objects":${flatJson(objects)},"upstreams":[${list}]}`);
}

function byText({ text: one }: UpstreamText, { text: other }: UpstreamText): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/**
 * Key of everything that goes into a build: 32 hex digits. Sources go in as the files that they bring to the context,
 * not as commits: a commit that is reverted gives the same files, and no build.
 */
export function buildKey(material: BuildMaterial, upstreams: readonly UpstreamState[]): string {
  return hash('build 1', {
    dockerfile: material.dockerfile,
    context: material.context,
    target: material.target ?? null,
    buildArgs: material.buildArgs,
    platforms: [...new Set(material.platforms)].sort(),
    upstreams: asSet(upstreams.filter(({ kind }) => kind === 'image')),
  });
}

/** Key of a build and its tests: 32 hex digits. */
export function testsKey(build: string, tests: string | undefined): string {
  return hash('tests 1', { build, tests: tests ?? null });
}

/** All keys of an image; `undefined` while an upstream is pending or missing. */
export function keysOf(material: KeyMaterial, upstreams: readonly Upstream[]): Keys | undefined {
  const states = upstreams.map(stateOf);
  if (!states.every((state) => state !== undefined)) return undefined;
  const build = buildKey(material.build, states);
  return { input: inputKey(material.input, states), build, tests: testsKey(build, material.tests) };
}

/** The tags that hold the memory of an image. */
export const memoryTags = {
  input: (key: string): string => `i-${key}`,
  build: (key: string): string => `k-${key}`,
  tests: (key: string): string => `t-${key}`,
  /** `id`: 64 hex digits, of which the first 32 are used. */
  content: (id: string): string => `c-${id.slice(0, 32)}`,
} as const;

/** Each upstream once, in an order that does not depend on the Dockerfile's. */
function asSet(upstreams: readonly UpstreamState[]): readonly string[] {
  return [...new Set(upstreams.map(canonicalJson))].sort();
}

function hash(version: string, value: unknown): string {
  return hashText(version, canonicalJson(value));
}

function hashText(version: string, text: string): string {
  return sha256Hex(`image-cascade ${version}\n${text}`).slice(0, 32);
}

/** Canonical JSON of an object whose values are texts. */
function flatJson(record: Readonly<Record<string, string>>): string {
  const names = Object.keys(record);
  if (isSorted(names)) return JSON.stringify(record);
  // An object puts numbers first, whatever their order.
  if (arrayIndex.test(names[0] ?? '')) return canonicalJson(record);
  let text = '{';
  for (const name of names.sort())
    text += `${text === '{' ? '' : ','}${JSON.stringify(name)}:${JSON.stringify(record[name])}`;
  return `${text}}`;
}

function isSorted(names: readonly string[]): boolean {
  for (let index = 1; index < names.length; index += 1)
    if ((names[index - 1] ?? '') >= (names[index] ?? '')) return false;
  return true;
}

const arrayIndex = /^\d/;

/** JSON with the keys of every object in code unit order. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
