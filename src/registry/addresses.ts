/** Where things are: repositories as `host/path`, and the URLs of the distribution specification's end points. */
import { isDigest, isTag, tryReference } from '../images/reference.ts';
import { fail } from '../problems.ts';

export interface Repository {
  /** As written in references: `ghcr.io`, `docker.io`, `127.0.0.1:5000`. */
  readonly host: string;
  /** `owner/name`: lower case, checked against the reference grammar, so safe in a path. */
  readonly path: string;
}

/**
 * Reads `host/path`.
 * @throws ProblemsError for text that is no repository, or that has a tag or digest
 */
export function parseRepository(text: string): Repository {
  const reference = tryReference(text);
  if (reference === undefined || reference.tag !== undefined || reference.digest !== undefined) {
    fail(`'${text}' is not the name of an image repository`, { hint: 'write registry/name, in lower case' });
  }
  return { host: reference.registry, path: reference.repository };
}

/** The root of a registry's API, `https://host/v2/`. */
export function apiRoot(host: string): URL {
  const authority = host === 'docker.io' ? 'registry-1.docker.io' : host;
  return new URL(`${isLoopback(host) ? 'http' : 'https'}://${authority}/v2/`);
}

/** Plain HTTP is spoken with this machine only. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/.test(host);
}

/** Whether a URL that a registry sent may be followed: HTTPS, or plain HTTP that stays on this machine. */
export function isSafe(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.host));
}

/** @throws ProblemsError for text that is neither a tag nor a digest */
export function manifestUrl(repository: Repository, tagOrDigest: string): URL {
  if (!isTag(tagOrDigest) && !isDigest(tagOrDigest)) fail(`'${tagOrDigest}' is neither a tag nor a sha256 digest`);
  return new URL(`${repository.path}/manifests/${tagOrDigest}`, apiRoot(repository.host));
}

/** @throws ProblemsError for text that is no digest */
export function blobUrl(repository: Repository, digest: string): URL {
  if (!isDigest(digest)) fail(`'${digest}' is not a sha256 digest`);
  return new URL(`${repository.path}/blobs/${digest}`, apiRoot(repository.host));
}

export function uploadUrl(repository: Repository, mount?: { digest: string; from: string }): URL {
  const url = new URL(`${repository.path}/blobs/uploads/`, apiRoot(repository.host));
  if (mount !== undefined) {
    url.searchParams.set('mount', mount.digest);
    url.searchParams.set('from', mount.from);
  }
  return url;
}

/** @param last the tag after which the page begins */
export function tagsUrl(repository: Repository, pageSize: number, last?: string): URL {
  const url = new URL(`${repository.path}/tags/list`, apiRoot(repository.host));
  url.searchParams.set('n', String(pageSize));
  if (last !== undefined) url.searchParams.set('last', last);
  return url;
}

/** @throws ProblemsError for text that is no digest */
export function referrersUrl(repository: Repository, digest: string): URL {
  if (!isDigest(digest)) fail(`'${digest}' is not a sha256 digest`);
  return new URL(`${repository.path}/referrers/${digest}`, apiRoot(repository.host));
}

/**
 * Where a registry sends us on to.
 * @throws ProblemsError for a place that must not get our requests
 */
export function follow(from: URL, location: string): URL {
  const next = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (next === undefined) fail(`${from.host} sends requests on to something that is no address`);
  // A registry behind a proxy that ends TLS often doesn't know that it is reached by HTTPS.
  if (from.protocol === 'https:' && next.host === from.host) next.protocol = 'https:';
  const downgrade = from.protocol === 'https:' && next.protocol !== 'https:';
  if (downgrade || !isSafe(next)) {
    fail(`${from.host} sends requests on to ${next.protocol}//${next.host}, which is not encrypted`, {
      hint: 'its administrator has to set the external address of the registry to https',
    });
  }
  next.username = '';
  next.password = '';
  return next;
}
