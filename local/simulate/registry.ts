/** A registry in memory that remembers when each tag was written, so that it can answer with what was there before. */
import type { Registry, ResolvedImage } from '../../src/registry/types.ts';

export const platform = 'linux/amd64';

export interface Build {
  /** Number of what is in the image: the same for images that are equal but for timestamps. */
  readonly content: number;
  /** Digests of what it was built on. */
  readonly upstreams: readonly string[];
  readonly repository: string;
  readonly revision: string;
}

/** What the code under simulation asks a registry. */
export type RegistryView = Pick<Registry, 'head' | 'resolve' | 'config'>;

export interface SimulatedRegistry {
  /** Digest that a tag points at. @param asOf seconds; what was written after is not seen */
  readonly read: (repository: string, tag: string, asOf?: number) => string | undefined;
  readonly write: (repository: string, tag: string, digest: string, now: number) => void;
  /** Stores a build under a new digest. */
  readonly add: (build: Build) => string;
  readonly buildOf: (digest: string) => Build | undefined;
  /** As the suite's registry client, which sees what was there at `asOf()`. */
  readonly view: (asOf: () => number) => RegistryView;
}

export function createRegistry(): SimulatedRegistry {
  const tags = new Map<string, { readonly times: number[]; readonly digests: string[] }>();
  const builds = new Map<string, Build>();

  const read: SimulatedRegistry['read'] = (repository, tag, asOf = Number.POSITIVE_INFINITY) => {
    const history = tags.get(`${repository}:${tag}`);
    if (history === undefined) return undefined;
    let last = history.times.length - 1;
    while (last >= 0 && (history.times[last] ?? 0) > asOf) last -= 1;
    return history.digests[last];
  };
  const find = (repository: string, tagOrDigest: string, asOf: number): string | undefined => {
    if (!tagOrDigest.startsWith('sha256:')) return read(repository, tagOrDigest, asOf);
    return builds.has(tagOrDigest) ? tagOrDigest : undefined;
  };
  return {
    read,
    write: (repository, tag, digest, now) => {
      const name = `${repository}:${tag}`;
      const history = tags.get(name) ?? { times: [], digests: [] };
      history.times.push(now);
      history.digests.push(digest);
      tags.set(name, history);
    },
    add: (build) => {
      const digest = digestOf(builds.size + 1);
      builds.set(digest, build);
      return digest;
    },
    buildOf: (digest) => builds.get(digest),
    view: (asOf) => ({
      head: async (repository, tagOrDigest) => {
        const digest = find(repository, tagOrDigest, asOf());
        return digest === undefined ? undefined : { mediaType, digest, size: 1 };
      },
      resolve: async (repository, tagOrDigest) => {
        const digest = find(repository, tagOrDigest, asOf());
        return digest === undefined ? undefined : resolved(digest);
      },
      config: async (repository, tagOrDigest) => {
        const build = builds.get(find(repository, tagOrDigest, asOf()) ?? '');
        if (build === undefined) return undefined;
        const Labels = {
          'org.opencontainers.image.revision': build.revision,
          'io.image-cascade.repository': build.repository,
        };
        return { os: 'linux', architecture: 'amd64', config: { Labels } };
      },
    }),
  };
}

const mediaType = 'application/vnd.oci.image.manifest.v1+json';

export function resolved(digest: string): ResolvedImage {
  return { digest, mediaType, platforms: { [platform]: digest } };
}

/** @param number from 1 */
export function digestOf(number: number): string {
  return `sha256:${number.toString(16).padStart(64, '0')}`;
}
