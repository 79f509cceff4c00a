/** Who has a manifest as its subject: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#listing-referrers */
import type { Digest } from '../images/records.ts';
import { fail } from '../problems.ts';
import { type Repository, referrersUrl } from './addresses.ts';
import { header } from './http.ts';
import { manifestLimit, mediaTypes, parseObject, readDescriptors } from './manifests.ts';
import { nextPage } from './tags.ts';
import type { Transport } from './transport.ts';
import type { Descriptor } from './types.ts';

/** The specification asks for 404; proxies in front of older registries refuse what they don't know otherwise. */
const withoutApi: readonly number[] = [400, 404, 405, 501];

/**
 * All pages of the list; `undefined` from a registry without this end point. One that has it gives an empty list where
 * there is none, even for a manifest that does not exist.
 */
export async function listReferrers(
  transport: Transport,
  repository: Repository,
  digest: Digest,
): Promise<readonly Descriptor[] | undefined> {
  const name = `${repository.host}/${repository.path}@${digest}`;
  const found: Descriptor[] = [];
  const visited = new Set<string>();
  for (let url: URL | undefined = referrersUrl(repository, digest); url !== undefined; ) {
    if (visited.has(url.href)) fail(`registry ${repository.host} lists the referrers of ${name} in circles`);
    visited.add(url.href);
    const answer = await transport.send(
      {
        method: 'GET',
        url,
        repository,
        access: 'read',
        headers: { accept: mediaTypes.ociIndex },
        purpose: `list the referrers of ${name}`,
        expect: [200, ...withoutApi],
      },
      manifestLimit,
    );
    if (withoutApi.includes(answer.status)) return undefined;
    // Some registries answer every unknown path with a page for people.
    if (!/json/i.test(header(answer.headers, 'content-type') ?? '')) return undefined;
    const subject = `the list of referrers of ${name}`;
    found.push(...readDescriptors(parseObject(answer.bytes, subject).manifests ?? [], subject));
    url = nextPage(url, header(answer.headers, 'link'));
  }
  return found;
}
