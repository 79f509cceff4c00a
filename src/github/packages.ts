/**
 * GHCR as GitHub's packages API shows it: a container package is a repository of the registry, a version of it is a
 * manifest. https://docs.github.com/en/rest/packages/packages
 */
import type { Digest } from '../images/records.ts';
import { isDigest } from '../images/reference.ts';
import { fail } from '../problems.ts';
import { type Answer, type GitHub, isObject, messageOf } from './client.ts';

export interface Package {
  readonly owner: string;
  readonly ownerKind: 'organization' | 'user';
  /** The rest of the repository's path; it may hold slashes. */
  readonly name: string;
}

export interface PackageVersion {
  readonly id: number;
  readonly digest: Digest;
  readonly tags: readonly string[];
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601. A version gets a new one when it gets a tag. */
  readonly updatedAt: string;
}

/** What came of a deletion or a restoration. */
export type VersionOutcome =
  | { readonly status: 'done' }
  /** There is no such version (any more). */
  | { readonly status: 'gone' }
  /** GitHub does not do it, and never will. */
  | { readonly status: 'refused'; readonly reason: string }
  | { readonly status: 'failed'; readonly reason: string }
  /** GitHub takes no more requests for now. */
  | { readonly status: 'limited'; readonly reason: string };

const pageSize = 100;

/**
 * The package behind a repository of GHCR, `owner/name…`.
 * @throws ProblemsError where there is no such owner
 */
export async function packageOf(github: GitHub, path: string): Promise<Package> {
  const slash = path.indexOf('/');
  const owner = slash < 0 ? path : path.slice(0, slash);
  const name = slash < 0 ? '' : path.slice(slash + 1);
  if (name === '') return fail(`'${path}' is no package`, { hint: "images on GHCR are called 'ghcr.io/owner/name'" });
  const answer = await github.request('GET /users/{username}', { username: owner });
  if (answer.status !== 200 || !isObject(answer.data)) return refuse(`the owner ${owner}`, answer);
  return { owner, ownerKind: answer.data.type === 'Organization' ? 'organization' : 'user', name };
}

/** All versions, page by page; none of a package that does not exist. */
export async function* packageVersions(github: GitHub, pack: Package): AsyncGenerator<PackageVersion> {
  // A listing that shifts meanwhile shows a version twice.
  const seen = new Set<number>();
  for (let page = 1; ; page += 1) {
    const answer = await github.request(`GET ${versionsPath(pack)}`, { ...names(pack), per_page: pageSize, page });
    if (answer.status === 404 && page === 1) return;
    if (answer.status !== 200 || !Array.isArray(answer.data)) return refuse(nameOf(pack), answer);
    for (const data of answer.data) {
      const version = readVersion(data);
      if (version === undefined || seen.has(version.id)) continue;
      seen.add(version.id);
      yield version;
    }
    if (!answer.more) return;
  }
}

export async function deleteVersion(github: GitHub, pack: Package, id: number): Promise<VersionOutcome> {
  return outcome(
    await github.request(`DELETE ${versionsPath(pack)}/{package_version_id}`, {
      ...names(pack),
      package_version_id: id,
    }),
  );
}

/** GitHub keeps what was deleted for 30 days. */
export async function restoreVersion(github: GitHub, pack: Package, id: number): Promise<VersionOutcome> {
  return outcome(
    await github.request(`POST ${versionsPath(pack)}/{package_version_id}/restore`, {
      ...names(pack),
      package_version_id: id,
    }),
  );
}

function versionsPath({ ownerKind }: Package): string {
  const owner = ownerKind === 'organization' ? '/orgs/{org}' : '/users/{username}';
  return `${owner}/packages/{package_type}/{package_name}/versions`;
}

function names({ owner, ownerKind, name }: Package): Record<string, string> {
  return {
    ...(ownerKind === 'organization' ? { org: owner } : { username: owner }),
    package_type: 'container',
    package_name: name,
  };
}

function nameOf({ owner, name }: Package): string {
  return `the package ${owner}/${name}`;
}

function readVersion(data: unknown): PackageVersion | undefined {
  if (!isObject(data) || typeof data.id !== 'number' || typeof data.name !== 'string' || !isDigest(data.name))
    return undefined;
  const metadata = isObject(data.metadata) ? data.metadata : {};
  const container = isObject(metadata.container) ? metadata.container : {};
  const tags = Array.isArray(container.tags) ? container.tags.filter((tag) => typeof tag === 'string') : [];
  return {
    id: data.id,
    digest: data.name,
    tags,
    createdAt: String(data.created_at),
    updatedAt: String(data.updated_at),
  };
}

function outcome({ status, data }: Answer): VersionOutcome {
  if (status >= 200 && status < 300) return { status: 'done' };
  if (status === 404) return { status: 'gone' };
  const said = messageOf(data);
  if (status === 429 || (status === 403 && /rate limit/i.test(said))) return { status: 'limited', reason: said };
  // Over 5,000 downloads, or the last version with a tag: GitHub says so, and always will.
  if (status === 400 || status === 422) return { status: 'refused', reason: said };
  if (status === 401 || status === 403)
    return {
      status: 'refused',
      reason: `${said}: the token needs 'packages: write' and the role Admin on this package`,
    };
  return { status: 'failed', reason: `GitHub answers with status ${status} (${said})` };
}

function refuse(what: string, { status, data }: Answer): never {
  const said = messageOf(data);
  return fail(`GitHub does not show ${what}: ${said} (status ${status})`, {
    hint:
      status === 401 || status === 403
        ? "give the job 'permissions: packages: write', or set the input 'token' to one that may read packages"
        : status === 404
          ? "check its spelling in 'images.yaml'"
          : 'run it again later: nothing was deleted without a complete listing',
  });
}
