import { fail } from '../problems.ts';
import { type Repository, tagsUrl } from './addresses.ts';
import { header } from './http.ts';
import { parseObject } from './manifests.ts';
import type { Transport } from './transport.ts';

const pageSize = 1000;
/** A page of 1000 tags of 128 characters takes 131 kB; registries may send longer pages than asked for. */
const pageLimit = 64 * 1024 * 1024;

/** All tags of a repository, each once, page by page; none of one that does not exist. */
export async function* listTags(transport: Transport, repository: Repository): AsyncGenerator<string> {
  const name = `${repository.host}/${repository.path}`;
  const first = tagsUrl(repository, pageSize);
  // A listing that shifts while others push shows a tag twice.
  const seen = new Set<string>();
  const visited = new Set<string>();
  for (let url: URL | undefined = first; url !== undefined; ) {
    if (visited.has(url.href)) fail(`registry ${repository.host} lists the tags of ${name} in circles`);
    visited.add(url.href);
    const purpose = `list the tags of ${name}`;
    const request = { method: 'GET', url, repository, access: 'read', purpose, expect: [200, 404] } as const;
    const answer = await transport.send(request, pageLimit);
    if (answer.status === 404) return;
    const { tags } = parseObject(answer.bytes, `the list of tags of ${name}`);
    const page = Array.isArray(tags) ? tags : [];
    const before = seen.size;
    for (const tag of page) {
      if (typeof tag !== 'string' || seen.has(tag)) continue;
      seen.add(tag);
      yield tag;
    }
    const linked = nextPage(url, header(answer.headers, 'link'));
    const last: unknown = page.at(-1);
    // A list that ends with a full page may have been cut: some registries don't say that there is more.
    const cut = linked === undefined && page.length >= pageSize && seen.size > before && typeof last === 'string';
    url = cut ? tagsUrl(repository, pageSize, last) : linked;
  }
}

/**
 * The URL of the next page from a `Link` header (RFC 8288), relative or absolute.
 * @throws ProblemsError for one on another host
 */
export function nextPage(current: URL, link: string | undefined): URL | undefined {
  for (const [, target = '', parameters = ''] of (link ?? '').matchAll(/<([^>]*)>([^<]*)/g)) {
    if (!/;\s*rel\s*=\s*(?:"(?:[^"]*\s)?next(?:\s[^"]*)?"|next)/i.test(parameters)) continue;
    const next = URL.canParse(target, current.href) ? new URL(target, current) : undefined;
    // A registry behind a proxy that ends TLS often names itself by plain HTTP.
    if (next?.host === current.host) next.protocol = current.protocol;
    if (next === undefined || next.origin !== current.origin || next.pathname !== current.pathname) {
      fail(`registry ${current.host} continues its list of tags at ${next?.host ?? 'no address'}`, {
        hint: 'its administrator has to correct its external address',
      });
    }
    return next;
  }
  return undefined;
}
