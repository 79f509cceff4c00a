import { expect, it } from '@jest/globals';
import { createRegistry, digestOf, mediaTypes } from '../../src/registry/index.ts';
import type { Registry } from '../../src/registry/types.ts';
import { all, drain, messageOf, putBytes, putImage, putIndex } from './fixtures.ts';

/** A registry that the contract can be tried on: everybody may read and write. */
export interface Subject {
  readonly host: string;
}

/** What the client does on any registry. The stand-in and a real one have to agree. */
export function registryContract(subject: () => Subject): void {
  let count = 0;
  /** A registry, and a repository that nobody else uses. */
  const fresh = (): { registry: Registry; repository: string } => {
    count += 1;
    return { registry: createRegistry(), repository: `${subject().host}/contract/r${count}` };
  };

  it('says nothing is there for unknown repositories, tags and digests', async () => {
    const { registry, repository } = fresh();
    const digest = digestOf(Buffer.from('nowhere'));
    expect(await registry.head(repository, 'latest')).toBeUndefined();
    expect(await registry.manifest(repository, digest)).toBeUndefined();
    expect(await registry.resolve(repository, 'latest')).toBeUndefined();
    expect(await registry.config(repository, 'latest')).toBeUndefined();
    expect(await all(registry.tags(repository))).toEqual([]);
    await putImage(registry, repository, 'latest');
    expect(await registry.head(repository, 'other')).toBeUndefined();
    expect(await registry.manifest(repository, digest)).toBeUndefined();
  });

  it('gives back the manifest that was pushed, byte for byte', async () => {
    const { registry, repository } = fresh();
    const pushed = await putImage(registry, repository, 'latest');
    const other = createRegistry();
    expect(await other.head(repository, 'latest')).toEqual(pushed.descriptor);
    const read = await other.manifest(repository, 'latest');
    expect(Buffer.from(read?.bytes ?? [])).toEqual(Buffer.from(pushed.bytes));
    expect(read?.layers).toEqual(pushed.layers);
    expect(await other.config(repository, pushed.descriptor.digest)).toMatchObject({
      os: 'linux',
      architecture: 'amd64',
      config: { Cmd: ['serve'] },
    });
  });

  it('resolves an image to its platform, and an index to each of its platforms without attestations', async () => {
    const { registry, repository } = fresh();
    const amd = await putImage(registry, repository, 'plain');
    const arm = await putImage(registry, repository, undefined, { architecture: 'arm64', variant: 'v8' });
    const attestation = await putImage(registry, repository, undefined, { architecture: 'unknown' });
    const index = await putIndex(registry, repository, 'several', [
      { ...amd.descriptor, platform: { os: 'linux', architecture: 'amd64' } },
      { ...arm.descriptor, platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } },
      {
        ...attestation.descriptor,
        platform: { os: 'unknown', architecture: 'unknown' },
        annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
      },
    ]);
    expect(await registry.resolve(repository, 'plain')).toEqual({
      digest: amd.descriptor.digest,
      mediaType: mediaTypes.ociManifest,
      platforms: { 'linux/amd64': amd.descriptor.digest },
    });
    expect(await registry.resolve(repository, 'several')).toEqual({
      digest: index.descriptor.digest,
      mediaType: mediaTypes.ociIndex,
      platforms: { 'linux/amd64': amd.descriptor.digest, 'linux/arm64': arm.descriptor.digest },
    });
    expect(await registry.config(repository, 'several', 'linux/arm64')).toMatchObject({ architecture: 'arm64' });
    expect(await registry.config(repository, 'several', 'linux/s390x')).toBeUndefined();
  });

  it('streams blobs, and says which one is missing', async () => {
    const { registry, repository } = fresh();
    const bytes = Buffer.alloc(300_000, 'blob');
    const { digest } = await putBytes(registry, repository, bytes);
    expect((await drain(await registry.blob(repository, digest))).equals(bytes)).toBe(true);
    const lost = digestOf(Buffer.from('lost'));
    expect(await messageOf(registry.blob(repository, lost))).toContain(`${repository}@${lost} is missing`);
  });

  it('points further tags at what is there, and moves them', async () => {
    const { registry, repository } = fresh();
    const one = await putImage(registry, repository, 'one', { labels: { n: '1' } });
    const two = await putImage(registry, repository, 'two', { labels: { n: '2' } });
    await registry.tag(repository, one.descriptor.digest, 'latest');
    await createRegistry().tag(repository, two.descriptor.digest, 'latest');
    expect((await registry.head(repository, 'latest'))?.digest).toBe(two.descriptor.digest);
    const lost = digestOf(Buffer.from('lost'));
    expect(await messageOf(registry.tag(repository, lost, 'latest'))).toContain('cannot be tagged');
  });

  it('lists all tags', async () => {
    const { registry, repository } = fresh();
    const { descriptor } = await putImage(registry, repository, 'b');
    for (const tag of ['a', '1.4', 'k-00ff']) await registry.tag(repository, descriptor.digest, tag);
    expect((await all(registry.tags(repository))).sort()).toEqual(['1.4', 'a', 'b', 'k-00ff']);
  });

  it('copies an index with all that is under it to another repository', async () => {
    const { registry, repository } = fresh();
    const target = fresh().repository;
    const layers = [Buffer.alloc(200_000, 'x'), Buffer.from('y')];
    const amd = await putImage(registry, repository, undefined, { layers });
    const arm = await putImage(registry, repository, undefined, { layers, architecture: 'arm64' });
    const index = await putIndex(registry, repository, 'latest', [
      { ...amd.descriptor, platform: { os: 'linux', architecture: 'amd64' } },
      { ...arm.descriptor, platform: { os: 'linux', architecture: 'arm64' } },
    ]);
    const digest = await registry.copy({ repository, tagOrDigest: 'latest' }, { repository: target, tag: 'v1' });
    expect(digest).toBe(index.descriptor.digest);
    const other = createRegistry();
    expect(await other.resolve(target, 'v1')).toEqual(await registry.resolve(repository, 'latest'));
    for (const layer of layers) {
      expect((await drain(await other.blob(target, digestOf(layer)))).equals(layer)).toBe(true);
    }
    expect(await other.config(target, 'v1', 'linux/arm64')).toMatchObject({ architecture: 'arm64' });
  });

  it('deletes a manifest, and takes one that is gone as deleted', async () => {
    const { registry, repository } = fresh();
    const { descriptor } = await putImage(registry, repository, 'latest');
    await registry.deleteManifest(repository, descriptor.digest);
    expect(await registry.manifest(repository, descriptor.digest)).toBeUndefined();
    await registry.deleteManifest(repository, descriptor.digest);
  });

  it('is refused a manifest whose layers are not there', async () => {
    const { registry, repository } = fresh();
    const whole = await putImage(registry, repository, 'latest', { layers: [Buffer.from('only here')] });
    const target = fresh().repository;
    expect(await messageOf(registry.putManifest(target, 'latest', whole))).toMatch(
      /cannot write .*MANIFEST_BLOB_UNKNOWN/,
    );
  });
}
