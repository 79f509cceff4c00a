import { afterEach, describe, expect, it } from '@jest/globals';
import { type RegistryStandIn, type StandInOptions, startRegistryStandIn } from '../../local/registry/stand-in.ts';
import { labels, publicationTag } from '../../src/images/index.ts';
import { publicationAnnotations, publicationArtifactType } from '../../src/images/publication.ts';
import {
  annotatedIndex,
  createRegistry,
  type Manifest,
  mediaTypes,
  parseManifest,
  type Registry,
} from '../../src/registry/index.ts';
import { pendingTag } from '../../src/retention/index.ts';
import { announce } from '../../src/rotate/announce.ts';
import { addReferrers, createLister } from '../../src/rotate/index.ts';
import { jsonBytes, putImage, putIndex } from '../registry/fixtures.ts';

let server: RegistryStandIn | undefined;
afterEach(() => server?.stop());

async function start(options: StandInOptions = {}) {
  server = await startRegistryStandIn({ referrers: false, ...options });
  const running = server;
  const repository = `${running.host}/acme/web`;
  const registry = createRegistry({ retries: 0 });
  return {
    registry,
    repository,
    list: () => {
      // A client of its own: nothing is known from the writing.
      const reader = createRegistry({ retries: 0 });
      return createLister(reader)(repository, { tags: reader.tags(repository) });
    },
    /** What is asked of the registry meanwhile. */
    async requests(work: () => Promise<unknown>): Promise<string[]> {
      const before = running.requests.length;
      await work();
      return running.requests
        .slice(before)
        .map(({ method, path }) => `${method} ${path.split('/').slice(4).join('/')}`);
    },
  };
}

const key = (letter: string): string => `${letter}-${'0'.repeat(32)}`;

async function putReferrer(registry: Registry, repository: string, subject: Manifest, text: string, tag?: string) {
  const layer = await putImage(registry, repository, undefined, { labels: { text } });
  const { config } = layer;
  const body = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    artifactType: 'application/vnd.example',
    config,
    layers: [],
    subject: subject.descriptor,
    annotations: { text },
  };
  const manifest = parseManifest(jsonBytes(body), undefined, repository);
  await registry.putManifest(repository, tag ?? manifest.descriptor.digest, manifest);
  return manifest;
}

describe('the listing of a repository', () => {
  it('costs one request for each tag, and one for each manifest without tag', async () => {
    const { registry, repository, list, requests } = await start();
    const platforms = [
      await putImage(registry, repository, undefined),
      await putImage(registry, repository, undefined, { architecture: 'arm64' }),
    ];
    const index = await putIndex(
      registry,
      repository,
      'latest',
      platforms.map(({ descriptor }) => descriptor),
    );
    for (const letter of ['k', 'c', 't', 'i']) await registry.tag(repository, index.descriptor.digest, key(letter));
    const at = new Date('2026-11-01T00:00:00Z');
    const annotations = publicationAnnotations({
      publishedAt: at,
      class: 'default',
      branch: 'main',
      tags: ['latest'],
      upstreams: [],
      run: '',
    });
    await registry.putManifest(
      repository,
      publicationTag(at, index.descriptor.digest),
      annotatedIndex(index.descriptor, publicationArtifactType, annotations),
    );
    const asked = await requests(list);
    expect(asked.filter((line) => line.includes('tags/list'))).toHaveLength(1);
    expect(asked).toHaveLength(1 + 6 + 2);
    const { manifests } = await list();
    expect(manifests.find(({ digest }) => digest === index.descriptor.digest)).toMatchObject({
      kind: 'index',
      children: platforms.map(({ descriptor }) => descriptor.digest),
      tags: expect.arrayContaining(['latest', key('k'), key('c')]),
    });
    expect(manifests).toHaveLength(4);
  });

  it('has the labels of builds that no record tells about, of an index those of its first platform', async () => {
    const { registry, repository, list } = await start();
    const image = await putImage(registry, repository, undefined, { labels: { [labels.class]: 'branch', other: 'x' } });
    const index = await putIndex(registry, repository, 'feature', [image.descriptor]);
    const { manifests } = await list();
    const of = (digest: string) => manifests.find((manifest) => manifest.digest === digest)?.labels;
    expect(of(index.descriptor.digest)).toEqual({ [labels.class]: 'branch' });
    expect(of(image.descriptor.digest)).toBeUndefined();
  });

  it('has what a signature belongs to, though no tag leads there', async () => {
    const { registry, repository, list } = await start();
    const image = await putImage(registry, repository, undefined);
    await putImage(registry, repository, `sha256-${image.descriptor.digest.slice(7)}.sig`, { labels: { signs: 'it' } });
    expect((await list()).manifests.map(({ digest }) => digest)).toContain(image.descriptor.digest);
  });

  it('has referrers that only the API knows, and their referrers', async () => {
    const { registry, repository, list } = await start({ referrers: true });
    const image = await putImage(registry, repository, 'feature');
    const note = await putReferrer(registry, repository, image, 'a note');
    const other = await putReferrer(registry, repository, note, 'a note on the note');
    const plain = await list();
    expect(plain.manifests).toHaveLength(1);
    const { manifests } = await addReferrers(registry, plain, [image.descriptor.digest]);
    expect(manifests.map(({ digest }) => digest).sort()).toEqual(
      [image, note, other].map(({ descriptor }) => descriptor.digest).sort(),
    );
  });

  it('asks a registry without that API once', async () => {
    const { registry, repository, list, requests } = await start();
    for (const name of ['a', 'b', 'c']) await putImage(registry, repository, name, { labels: { name } });
    const listing = await list();
    const all = listing.manifests.map(({ digest }) => digest);
    expect(await requests(() => addReferrers(registry, listing, all))).toHaveLength(1);
    expect(await requests(() => addReferrers(registry, listing, all))).toHaveLength(0);
  });

  it('has what a rotation that ended half-way left without a tag', async () => {
    const { registry, repository, list } = await start();
    await putImage(registry, repository, 'latest', { labels: { stays: 'yes' } });
    const platform = await putImage(registry, repository, undefined);
    const index = await putIndex(registry, repository, 'old', [platform.descriptor]);
    const before = await list();
    const going = [index, platform].map(({ descriptor }) => {
      const { digest, mediaType } = descriptor;
      return { digest, mediaType, tags: [], reason: 'an old build', build: index.descriptor.digest };
    });
    const takeBack = await announce(registry, before, going);
    await registry.deleteManifest(repository, index.descriptor.digest);
    const { manifests } = await list();
    expect(manifests.map(({ digest }) => digest)).toContain(platform.descriptor.digest);
    expect(manifests.some(({ tags }) => tags.includes(pendingTag))).toBe(true);
    await takeBack();
    expect((await list()).manifests).toHaveLength(1);
  });

  it('leaves what it does not understand without parts, and fails on what it cannot read', async () => {
    const { registry, repository, list } = await start();
    await putImage(registry, repository, 'latest');
    server?.store.putManifest('acme/web', 'odd', 'application/vnd.example.odd+json', Buffer.from('{"odd":true}'));
    const { manifests } = await list();
    expect(manifests.find(({ tags }) => tags.includes('odd'))).toMatchObject({
      kind: 'artifact',
      children: [],
      layers: [],
    });
    server?.faults.add({ method: 'GET', path: /manifests\/odd/, does: { status: 500 } });
    await expect(list()).rejects.toThrow('is out of order');
  });
});
