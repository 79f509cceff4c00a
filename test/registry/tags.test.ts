import { afterEach, describe, expect, it } from '@jest/globals';
import { type RegistryStandIn, startRegistryStandIn } from '../../local/registry/stand-in.ts';
import { createRegistry } from '../../src/registry/index.ts';
import { nextPage } from '../../src/registry/tags.ts';
import { all, messageOf, putImage } from './fixtures.ts';

let server: RegistryStandIn | undefined;
afterEach(() => server?.stop());

describe('the tags of a repository', () => {
  it('come from as many pages as there are', async () => {
    server = await startRegistryStandIn();
    const repository = `${server.host}/fleet/web`;
    const registry = createRegistry();
    const { descriptor, bytes } = await putImage(registry, repository, 't0000');
    const names = Array.from({ length: 2500 }, (_, index) => `t${String(index).padStart(4, '0')}`);
    for (const name of names) server.store.putManifest('fleet/web', name, descriptor.mediaType, Buffer.from(bytes));
    expect(await all(registry.tags(repository))).toEqual(names);
    expect(server.requests.filter(({ path }) => path.includes('/tags/list'))).toHaveLength(3);
  });

  it('come once each, also when the pages overlap, and end when they go round in circles', async () => {
    server = await startRegistryStandIn();
    const page = (tags: string[], link: string) => ({
      status: 200,
      headers: { link },
      body: JSON.stringify({ name: 'fleet/web', tags }),
    });
    const next = '</v2/fleet/web/tags/list?n=1000&last=b>; rel="next"';
    server.faults.add({ does: page(['a', 'b'], next) });
    server.faults.add({ does: page(['b', 'c'], '') });
    const tags = () => all(createRegistry().tags(`${server?.host}/fleet/web`));
    expect(await tags()).toEqual(['a', 'b', 'c']);
    server.faults.add({ times: 9, does: page(['a'], next) });
    expect(await messageOf(tags())).toContain('in circles');
  });
});

describe('a list of tags that ends with a full page', () => {
  it('is asked for more, as it may have been cut', async () => {
    server = await startRegistryStandIn();
    const names = Array.from({ length: 1001 }, (_, index) => `t${String(index).padStart(4, '0')}`);
    const page = (tags: string[]) => ({ status: 200, body: JSON.stringify({ name: 'fleet/web', tags }) });
    server.faults.add({ does: page(names.slice(0, 1000)) });
    server.faults.add({ does: page(names.slice(1000)) });
    expect(await all(createRegistry().tags(`${server.host}/fleet/web`))).toEqual(names);
    expect(server.requests.at(-1)?.path).toContain('last=t0999');
  });

  it('is over when that brings nothing new', async () => {
    server = await startRegistryStandIn();
    const tags = Array.from({ length: 1000 }, (_, index) => `t${index}`);
    server.faults.add({ times: 9, does: { status: 200, body: JSON.stringify({ name: 'fleet/web', tags }) } });
    expect(await all(createRegistry().tags(`${server.host}/fleet/web`))).toEqual(tags);
    expect(server.requests).toHaveLength(2);
  });
});

describe('the next page', () => {
  const here = new URL('https://r.example/v2/a/tags/list?n=2');

  it.each([
    ['</v2/a/tags/list?last=b&n=2>; rel="next"', 'https://r.example/v2/a/tags/list?last=b&n=2'],
    ['<https://r.example/v2/a/tags/list?last=b>; rel=next', 'https://r.example/v2/a/tags/list?last=b'],
    ['<http://r.example/v2/a/tags/list?last=b>; rel="next"', 'https://r.example/v2/a/tags/list?last=b'],
    ['</x>; rel="prev", <?last=c>; title="t"; rel="last next"', 'https://r.example/v2/a/tags/list?last=c'],
  ])('is read from %s', (link, expected) => {
    expect(nextPage(here, link)?.href).toBe(expected);
  });

  it('is none without a link to it', () => {
    expect(nextPage(here, undefined)).toBeUndefined();
    expect(nextPage(here, '</x>; rel="prev"')).toBeUndefined();
  });

  it.each(['https://evil.example/v2/a/tags/list', '//evil.example/v2/a/tags/list', 'https://r.example/v2/b/tags/list'])(
    'is never at %s',
    (target) => {
      expect(() => nextPage(here, `<${target}>; rel="next"`)).toThrow('continues its list of tags at');
    },
  );
});
