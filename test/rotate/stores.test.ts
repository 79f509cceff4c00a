import { afterEach, describe, expect, it } from '@jest/globals';
import { putMinimalImage } from '../../local/registry/minimal-image.ts';
import { startRegistryStandIn } from '../../local/registry/stand-in.ts';
import { createGitHub, createPace } from '../../src/github/index.ts';
import { annotatedIndex, createRegistry } from '../../src/registry/index.ts';
import { createStores, type Store, storeKindOf, storeKinds } from '../../src/rotate/index.ts';
import { scene } from '../local-github/support.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const registry = createRegistry({ retries: 0 });

describe('the kind of store', () => {
  it.each([
    ['ghcr.io', 'packages'],
    ['containers.github.example', 'packages'],
    ['quay.io', 'registry'],
    ['127.0.0.1:5000', 'registry'],
  ])('behind %s is %s', (host, kind) => {
    expect(storeKindOf(host)).toBe(kind);
  });
});

describe.each(storeKinds)('what others did to a repository since its listing, store: %s', (kind) => {
  async function stage(): Promise<{
    store: Store;
    repository: string;
    put(tag: string, number: string): Promise<string>;
  }> {
    const server = await startRegistryStandIn();
    endings.push(server.stop);
    const { github } = await scene();
    github.packages.connect(server.store);
    const { apiUrl, graphqlUrl, token } = github;
    const client = createGitHub({ token, apiUrl, graphqlUrl, secondMs: 1, pace: createPace() });
    const repository = `${server.host}/acme/web`;
    return {
      store: createStores({ github: client, registry, kind })(repository),
      repository,
      put: (tag, number) => putMinimalImage(server.host, 'acme/web', tag, { labels: { number } }),
    };
  }

  it('is nothing when nobody did anything', async () => {
    const { store, repository, put } = await stage();
    await put('old', '1');
    const listing = await store.list(repository);
    expect([...(await store.changes(listing, [])).retagged]).toEqual([]);
  });

  it('is a further tag on an old build', async () => {
    const { store, repository, put } = await stage();
    const old = await put('old', '1');
    await put('other', '2');
    const listing = await store.list(repository);
    await registry.tag(repository, old, 'release');
    expect([...(await store.changes(listing, [])).retagged]).toEqual([old]);
  });

  it('is a main tag that was moved back', async () => {
    const { store, repository, put } = await stage();
    const old = await put('old', '1');
    await put('latest', '2');
    const listing = await store.list(repository);
    await registry.tag(repository, old, 'latest');
    expect([...(await store.changes(listing, ['latest'])).retagged]).toEqual([old]);
  });

  it('is a new index over an old build', async () => {
    const { store, repository, put } = await stage();
    const old = await put('old', '1');
    const listing = await store.list(repository);
    const entry = await registry.head(repository, old);
    if (entry === undefined) throw new Error('the image is not there');
    await registry.putManifest(repository, 'list', annotatedIndex(entry, 'application/vnd.test', {}));
    expect([...(await store.changes(listing, [])).retagged]).toEqual([old]);
  });

  it('is not a build of somebody else', async () => {
    const { store, repository, put } = await stage();
    await put('old', '1');
    const listing = await store.list(repository);
    await put('new', '2');
    expect([...(await store.changes(listing, [])).retagged]).toEqual([]);
  });
});

describe('a package that the token may not see', () => {
  it('is not taken for one that is not there', async () => {
    const server = await startRegistryStandIn();
    endings.push(server.stop);
    const { github } = await scene();
    const { apiUrl, graphqlUrl, token } = github;
    const client = createGitHub({ token, apiUrl, graphqlUrl, secondMs: 1, pace: createPace() });
    const repository = `${server.host}/acme/web`;
    const store = createStores({ github: client, registry, kind: 'packages' })(repository);
    expect((await store.list(repository)).manifests).toEqual([]);
    await putMinimalImage(server.host, 'acme/web', 'latest');
    await expect(store.list(repository)).rejects.toThrow(
      /GitHub does not show the versions of .*acme\/web, although it has tags such as latest/,
    );
  });
});
