/** Artifacts and caches of a repository. */
import { nodeId } from './representations.ts';
import { type CheckedCall, type Handler, readable, refuse, refuseProblems, writable } from './rest-answers.ts';
import { linkHeader } from './rest-packages.ts';
import type { StoredArtifact, StoredCache } from './types.ts';
import { getRepository, type Repository, type World } from './world.ts';

function listOf<Item extends { repository: string }>(
  pick: (world: World) => Item[],
  name: string,
  represent: (world: World, repository: Repository, item: Item) => object,
): Handler {
  return async (world, call) => {
    const repository = readable(world, call);
    refuseProblems(call);
    const items = pick(world).filter((item) => getRepository(world, item.repository) === repository);
    const { start, count } = pageOf(call);
    const shown = items.slice(start, start + count).map((item) => represent(world, repository, item));
    return {
      status: 200,
      body: { total_count: items.length, [name]: shown },
      headers: linkHeader(world, call, start + count < items.length),
    };
  };
}

function pageOf({ query }: CheckedCall): { start: number; count: number } {
  const { per_page: size = '30', page = '1', ...others } = query;
  const unsupported = Object.keys(others);
  if (unsupported.length > 0) throw new Error(`filters that are not supported: ${unsupported.join(', ')}`);
  const count = Math.min(Number(size), 100);
  return { start: (Number(page) - 1) * count, count };
}

function deleteOf<Item extends { id: number }>(pick: (world: World) => Item[], parameter: string): Handler {
  return async (world, call) => {
    writable(world, call, 'actions');
    refuseProblems(call);
    const items = pick(world);
    const at = items.findIndex(({ id }) => id === Number(call.params[parameter]));
    if (at < 0) refuse(404, 'Not Found');
    items.splice(at, 1);
    return { status: 204 };
  };
}

function artifact(world: World, repository: Repository, item: StoredArtifact): object {
  const url = `${world.urls.api}/repos/${repository.fullName}/actions/artifacts/${item.id}`;
  return {
    id: item.id,
    node_id: nodeId('A', item.id),
    name: item.name,
    size_in_bytes: item.size,
    url,
    archive_download_url: `${url}/zip`,
    expired: false,
    created_at: item.createdAt,
    updated_at: item.createdAt,
    expires_at: new Date(Date.parse(item.createdAt) + 90 * 86_400_000).toISOString(),
    workflow_run: {
      id: 1,
      repository_id: repository.id,
      head_repository_id: item.fork === true ? repository.id + 1 : repository.id,
      head_branch: item.branch,
      head_sha: '0'.repeat(40),
    },
  };
}

function cache(_world: World, _repository: Repository, item: StoredCache): object {
  return {
    id: item.id,
    ref: item.ref,
    key: item.key,
    version: '0'.repeat(64),
    last_accessed_at: item.accessedAt,
    created_at: item.accessedAt,
    size_in_bytes: item.size,
  };
}

const artifacts = (world: World): StoredArtifact[] => world.artifacts;
const caches = (world: World): StoredCache[] => world.caches;

export const storageHandlers: Record<string, Handler> = {
  'GET /repos/{owner}/{repo}/actions/artifacts': listOf(artifacts, 'artifacts', artifact),
  'GET /repos/{owner}/{repo}/actions/caches': listOf(caches, 'actions_caches', cache),
  'DELETE /repos/{owner}/{repo}/actions/artifacts/{artifact_id}': deleteOf(artifacts, 'artifact_id'),
  'DELETE /repos/{owner}/{repo}/actions/caches/{cache_id}': deleteOf(caches, 'cache_id'),
};
