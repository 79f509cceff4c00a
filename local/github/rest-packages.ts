import type { PackageVersion, Removal } from './packages.ts';
import { isOrganization, user } from './representations.ts';
import { type Answer, type CheckedCall, type Handler, refuse, refuseProblems } from './rest-answers.ts';
import type { World } from './world.ts';

const getUser: Handler = async (world, call) => {
  refuseProblems(call);
  const login = call.params.username ?? '';
  const owners = [world.owner, ...[...world.repositories.values()].map(({ owner }) => owner)];
  const known = owners.find((owner) => owner.toLowerCase() === login.toLowerCase());
  if (known === undefined) refuse(404, 'Not Found');
  const unknown = { bio: null, blog: null, company: null, email: null, hireable: null, location: null, name: null };
  const counts = { followers: 0, following: 0, public_gists: 0, public_repos: 0 };
  const since = { created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' };
  return { status: 200, body: { ...user(world, known), ...unknown, ...counts, ...since } };
};

/** `owner/name` of the package that a call names; the path for organizations and that for users are not the same. */
function repositoryOf(world: World, call: CheckedCall, write: boolean): string {
  const { identity, params } = call;
  if (identity.kind === 'anonymous') refuse(401, 'Requires authentication');
  const owner = params.org ?? params.username ?? '';
  if (params.package_type !== 'container') throw new Error('the stand-in has container packages only');
  if ((params.org !== undefined) !== isOrganization(world, owner)) refuse(404, 'Not Found');
  const may = identity.kind === 'job' ? identity.permissions.packages : identity.write ? 'write' : 'read';
  if (write && may === 'read') refuse(403, 'Resource not accessible by integration');
  return `${owner.toLowerCase()}/${params.package_name}`;
}

const listVersions: Handler = async (world, call) => {
  const repository = repositoryOf(world, call, false);
  refuseProblems(call);
  const { per_page: size = '30', page = '1', state = 'active' } = call.query;
  if (state !== 'active') throw new Error('the stand-in lists active versions only');
  const versions = world.packages.versions(repository);
  if (versions.length === 0) refuse(404, 'Package not found.');
  const count = Math.min(Number(size), 100);
  const start = (Number(page) - 1) * count;
  return {
    status: 200,
    body: versions.slice(start, start + count).map((version) => represent(world, repository, version)),
    headers: linkHeader(world, call, start + count < versions.length),
  };
};

/** The address of the next page, as GitHub writes it. */
export function linkHeader(world: World, call: CheckedCall, more: boolean): Record<string, string> {
  if (!more) return {};
  const query = new URLSearchParams({ ...call.query, page: String(Number(call.query.page ?? '1') + 1) });
  return { link: `<${world.urls.api}/organizations/1/list?${query}>; rel="next"` };
}

function represent(world: World, repository: string, version: PackageVersion): object {
  const { id, digest, tags, createdAt, updatedAt } = version;
  const [owner = '', ...name] = repository.split('/');
  const kind = isOrganization(world, owner) ? 'orgs' : 'users';
  const page = `${world.urls.server}/${kind}/${owner}/packages/container/package/${encodeURIComponent(name.join('/'))}`;
  return {
    id,
    name: digest,
    url: `${world.urls.api}/${kind}/${owner}/packages/container/${encodeURIComponent(name.join('/'))}/versions/${id}`,
    package_html_url: page,
    html_url: `${page}/${id}`,
    created_at: createdAt,
    updated_at: updatedAt,
    metadata: { package_type: 'container', container: { tags } },
  };
}

function answer(removal: Removal): Answer {
  if (removal === 'done') return { status: 204 };
  if (removal === 'missing') return refuse(404, 'Package not found.');
  return refuse(400, removal.refusal);
}

const deleteVersion: Handler = async (world, call) => {
  const repository = repositoryOf(world, call, true);
  refuseProblems(call);
  return answer(world.packages.remove(repository, Number(call.params.package_version_id)));
};

const restoreVersion: Handler = async (world, call) => {
  const repository = repositoryOf(world, call, true);
  refuseProblems(call);
  return answer(world.packages.restore(repository, Number(call.params.package_version_id)));
};

const versions = 'packages/{package_type}/{package_name}/versions';

export const packageHandlers: Record<string, Handler> = {
  'GET /users/{username}': getUser,
  ...Object.fromEntries(
    ['/orgs/{org}', '/users/{username}'].flatMap((owner) => [
      [`GET ${owner}/${versions}`, listVersions],
      [`DELETE ${owner}/${versions}/{package_version_id}`, deleteVersion],
      [`POST ${owner}/${versions}/{package_version_id}/restore`, restoreVersion],
    ]),
  ),
};
