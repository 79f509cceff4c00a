/**
 * The keys of an image: hashes of what it is made from. They are kept as tags in the registry, so the text that is
 * hashed never changes under the same version number.
 */
import { inputKey, type UpstreamState } from './input-key.ts';
import { canonicalJson, hashText } from './key-text.ts';
import type { BuildMaterial, KeyMaterial, Keys, Upstream } from './records.ts';

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
