/**
 * Image references, in the grammar of the distribution project and with Docker's rules for short names:
 * https://github.com/distribution/reference
 */
import { fail } from '../problems.ts';

export interface Reference {
  /** Host and port; `docker.io` for short names. */
  readonly registry: string;
  /** Path without host; `library/debian` for `debian`. */
  readonly repository: string;
  readonly tag?: string;
  /** `sha256:<64 hex>`. */
  readonly digest?: string;
}

const host =
  /^(?:localhost|[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)*\.[a-zA-Z0-9-]+|\[[0-9a-fA-F:]+\]|[a-zA-Z0-9-]+(?=:))(?::\d+)?$/;
const component = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const tagPattern = /^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}$/;
const digestPattern = /^sha256:[0-9a-f]{64}$/;

/**
 * Reads a reference; a missing tag is left missing.
 * @throws ProblemsError for text that is no reference
 */
export function parseReference(text: string): Reference {
  const reference = tryReference(text);
  return reference ?? fail(`'${text}' is not an image reference`, { hint: 'write [registry/]name[:tag][@digest]' });
}

/** As `parseReference`, without an error. */
export function tryReference(text: string): Reference | undefined {
  const [named = '', digest, ...more] = text.split('@');
  if (more.length > 0 || (digest !== undefined && !digestPattern.test(digest))) return undefined;
  const slash = named.indexOf('/');
  const first = slash < 0 ? '' : named.slice(0, slash);
  const registry = host.test(first) ? first : 'docker.io';
  const rest = host.test(first) ? named.slice(slash + 1) : named;
  const colon = rest.lastIndexOf(':');
  const path = colon < 0 ? rest : rest.slice(0, colon);
  const tag = colon < 0 ? undefined : rest.slice(colon + 1);
  if (tag !== undefined && !tagPattern.test(tag)) return undefined;
  if (!path.split('/').every((part) => component.test(part))) return undefined;
  const official = registry === 'docker.io' || registry === 'index.docker.io';
  return {
    registry: official ? 'docker.io' : registry,
    repository: official && !path.includes('/') ? `library/${path}` : path,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** The full text of a reference: registry, repository, tag (`latest` where neither tag nor digest is given), digest. */
export function formatReference({ registry, repository, tag, digest }: Reference): string {
  const named = `${registry}/${repository}`;
  if (digest !== undefined) return `${named}${tag === undefined ? '' : `:${tag}`}@${digest}`;
  return `${named}:${tag ?? 'latest'}`;
}

/** One text for each image: `debian`, `debian:latest` and `docker.io/library/debian` are the same. */
export function canonicalReference(text: string): string {
  return formatReference(parseReference(text));
}

/** `registry/repository` without tag and digest. */
export function repositoryOf({ registry, repository }: Reference): string {
  return `${registry}/${repository}`;
}

export function isTag(text: string): boolean {
  return tagPattern.test(text);
}

export function isDigest(text: string): boolean {
  return digestPattern.test(text);
}
