/** Deletion of manifests: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#deleting-manifests */
import type { Digest } from '../images/records.ts';
import { isDigest } from '../images/reference.ts';
import { fail } from '../problems.ts';
import { manifestUrl, type Repository } from './addresses.ts';
import { RegistryStatusError, unexpected } from './errors.ts';
import type { Transport } from './transport.ts';

export type DeleteManifest = (repository: Repository, digest: Digest, tags: readonly string[]) => Promise<void>;

/** @param resolve what a tag points at */
export function createDeletion(
  transport: Transport,
  resolve: (repository: Repository, tag: string) => Promise<Digest | undefined>,
): DeleteManifest {
  /** By host: with a manifest, most registries delete its tags; some leave them, and what they show. */
  const leavesTags = new Map<string, boolean>();

  const deleteTags = async (repository: Repository, digest: Digest, tags: readonly string[]): Promise<void> => {
    for (const tag of tags) if ((await resolve(repository, tag)) === digest) await remove(transport, repository, tag);
  };

  return async (repository, digest, tags) => {
    if (!isDigest(digest)) fail(`'${digest}' is not a sha256 digest`);
    const leaves = leavesTags.get(repository.host);
    if (leaves === true) await deleteTags(repository, digest, tags);
    await remove(transport, repository, digest);
    const [tag] = tags;
    if (leaves !== undefined || tag === undefined) return;
    const left = (await resolve(repository, tag)) === digest;
    leavesTags.set(repository.host, left);
    if (left) await deleteTags(repository, digest, tags);
  };
}

async function remove(transport: Transport, repository: Repository, tagOrDigest: string): Promise<void> {
  const { host, path } = repository;
  const name = `${host}/${path}${isDigest(tagOrDigest) ? '@' : ':'}${tagOrDigest}`;
  const { status } = await transport.send({
    method: 'DELETE',
    url: manifestUrl(repository, tagOrDigest),
    repository,
    access: 'delete',
    purpose: `delete ${name}`,
    expect: [200, 202, 204, 404, 405, 501],
  });
  if (status !== 405 && status !== 501) return;
  const cause = new RegistryStatusError(host, status, 'deletion is switched off');
  const [problem] = unexpected(`delete ${name}`, cause).problems;
  fail(problem?.message ?? cause.message, {
    hint: 'its administrator has to allow it (distribution: storage.delete.enabled); GHCR has an API of its own',
    cause,
  });
}
