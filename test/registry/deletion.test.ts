import { afterEach, describe, expect, it } from '@jest/globals';
import { type RegistryStandIn, startRegistryStandIn } from '../../local/registry/stand-in.ts';
import { createRegistry } from '../../src/registry/index.ts';
import { messageOf, putImage } from './fixtures.ts';

let server: RegistryStandIn | undefined;
afterEach(() => server?.stop());

describe('the deletion of a manifest', () => {
  it('is followed by that of its tags where the registry leaves them; from then on, they go first', async () => {
    server = await startRegistryStandIn();
    const repository = `${server.host}/fleet/web`;
    const registry = createRegistry();
    const one = await putImage(registry, repository, 'one', { labels: { n: '1' } });
    const two = await putImage(registry, repository, 'two', { labels: { n: '2' } });
    await registry.tag(repository, two.descriptor.digest, 'moved');
    const asked = async (digest: string, tags: string[]) => {
      const before = server?.requests.length;
      // Answered as if it were done, while the tags still show the manifest.
      server?.faults.add({ method: 'DELETE', path: /sha256:/, does: { status: 202 } });
      await registry.deleteManifest(repository, digest, tags);
      return server?.requests
        .slice(before)
        .filter(({ method }) => method === 'DELETE')
        .map(({ path }) => path.split('/').at(-1));
    };
    expect(await asked(one.descriptor.digest, ['one', 'moved'])).toEqual([one.descriptor.digest, 'one']);
    expect(await asked(two.descriptor.digest, ['two'])).toEqual(['two', two.descriptor.digest]);
  });

  it('looks for tags that are left once, where there are none', async () => {
    server = await startRegistryStandIn();
    const repository = `${server.host}/fleet/web`;
    const registry = createRegistry();
    const images = [];
    for (const name of ['a', 'b', 'c']) images.push(await putImage(registry, repository, name, { labels: { name } }));
    const before = server.requests.length;
    for (const [at, { descriptor }] of images.entries())
      await registry.deleteManifest(repository, descriptor.digest, [['a', 'b', 'c'][at] ?? '']);
    expect(server.requests.slice(before).map(({ method }) => method)).toEqual(['DELETE', 'HEAD', 'DELETE', 'DELETE']);
  });

  it('that a registry does not allow says who can change that', async () => {
    server = await startRegistryStandIn({ deletion: false });
    const repository = `${server.host}/fleet/web`;
    const registry = createRegistry();
    const { descriptor } = await putImage(registry, repository, 'a');
    const message = await messageOf(registry.deleteManifest(repository, descriptor.digest, ['a']));
    expect(message).toMatch(/cannot delete .*answered 405.*storage\.delete\.enabled/);
  });
});
