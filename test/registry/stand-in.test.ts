import { afterEach, describe, expect, it } from '@jest/globals';
import { type RegistryStandIn, startRegistryStandIn } from '../../local/registry/stand-in.ts';
import { createRegistry, mediaTypes } from '../../src/registry/index.ts';
import { jsonBytes, putImage } from './fixtures.ts';

let server: RegistryStandIn | undefined;
afterEach(() => server?.stop());

/** An image with a signature that refers to it; the answer to the signature's PUT, and to the question for referrers. */
async function signed(referrers: boolean) {
  server = await startRegistryStandIn({ referrers });
  const image = await putImage(createRegistry(), `${server.host}/fleet/web`, 'latest');
  const { mediaType, digest, size } = image.descriptor;
  const signature = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    artifactType: 'application/example.signature',
    config: image.config,
    layers: [],
    subject: { mediaType, digest, size },
  };
  const put = await fetch(`http://${server.host}/v2/fleet/web/manifests/signature`, {
    method: 'PUT',
    headers: { 'content-type': mediaTypes.ociManifest },
    body: jsonBytes(signature),
  });
  const ask = (query: string) => fetch(`http://${server?.host}/v2/fleet/web/referrers/${digest}${query}`);
  return { digest, put, ask };
}

describe('the stand-in', () => {
  it('lists what refers to a manifest, all of it or of one type', async () => {
    const { digest, put, ask } = await signed(true);
    expect(put.headers.get('oci-subject')).toBe(digest);
    const every = await ask('');
    expect(await every.json()).toMatchObject({ manifests: [{ artifactType: 'application/example.signature' }] });
    const other = await ask('?artifactType=application/other');
    expect(other.headers.get('oci-filters-applied')).toBe('artifactType');
    expect(await other.json()).toMatchObject({ manifests: [] });
  });

  it('knows no referrers when it is told so, like most registries', async () => {
    const { put, ask } = await signed(false);
    expect(put.headers.get('oci-subject')).toBeNull();
    expect((await ask('')).status).toBe(404);
  });
});
