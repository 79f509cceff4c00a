/** Registries in memory, filled with what the pipeline publishes. */
import { createHash } from 'node:crypto';
import { publicationTag } from '../../src/images/index.ts';
import { publicationAnnotations, publicationArtifactType } from '../../src/images/publication.ts';
import { annotatedIndex, type Descriptor, mediaTypes } from '../../src/registry/index.ts';
import type { RegistryStandIn } from '../registry/stand-in.ts';

type Store = RegistryStandIn['store'];

/** One image of a fleet: 16 builds for two platforms with attestations and a record, and four signatures: 100 manifests. */
export function fillImage(store: Store, repository: string): void {
  const put = createPut(store, repository);
  for (let build = 0; build < 16; build += 1) {
    const entries = ['amd64', 'arm64', 'unknown', 'unknown'].map((architecture, at) => ({
      ...put.image(`${repository} ${build} ${at}`),
      platform: { os: at < 2 ? 'linux' : 'unknown', architecture },
      ...(at < 2 ? {} : { annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } }),
    }));
    const index = put.manifest({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: entries });
    // Every other build is of a branch; all but the newest of these are older than a week.
    const branch = build % 2 === 0 ? 'main' : `feature-${build}`;
    put.publication(index, 1 + build * 5, branch);
    if (build < 4) put.image(`signature of ${index.digest}`, `sha256-${index.digest.slice('sha256:'.length)}.sig`);
  }
}

/** A repository with builds for one platform, each with five tags, `tags` in all. */
export function fillTags(store: Store, repository: string, tags: number): void {
  const put = createPut(store, repository);
  for (let build = 0; build < tags / 5; build += 1)
    put.publication(put.image(`${repository} ${build}`), 1 + build / 50, `feature-${build}`, []);
}

function createPut(store: Store, repository: string) {
  const blob = (bytes: Buffer, mediaType: string): Descriptor => {
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    store.putBlob(repository, digest, bytes);
    return { mediaType, digest, size: bytes.length };
  };
  const layers = ['base', 'packages'].map((name) => blob(Buffer.from(name), 'application/vnd.oci.image.layer.v1.tar'));

  const manifest = (
    body: Readonly<Record<string, unknown>> & { readonly mediaType: string },
    tag?: string,
  ): Descriptor => {
    const bytes = Buffer.from(JSON.stringify(body));
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    store.putManifest(repository, tag ?? digest, body.mediaType, bytes);
    return { mediaType: body.mediaType, digest, size: bytes.length };
  };
  const image = (name: string, tag?: string): Descriptor => {
    const text = JSON.stringify({ os: 'linux', architecture: 'amd64', config: { Labels: { name } } });
    const config = blob(Buffer.from(text), mediaTypes.ociConfig);
    const own = blob(Buffer.from(name), 'application/vnd.oci.image.layer.v1.tar');
    return manifest(
      { schemaVersion: 2, mediaType: mediaTypes.ociManifest, config, layers: [...layers, own] } as const,
      tag,
    );
  };
  const publication = (
    entry: Descriptor,
    days: number,
    branch: string,
    users: readonly string[] = [branch === 'main' ? 'latest' : branch],
  ): void => {
    const publishedAt = new Date(Date.now() - days * 24 * 60 * 60 * 1000);
    const kind = branch === 'main' ? 'default' : 'branch';
    const said = publicationAnnotations({ publishedAt, class: kind, branch, tags: users, upstreams: [], run: '' });
    const record = annotatedIndex(entry, publicationArtifactType, said);
    store.putManifest(
      repository,
      publicationTag(publishedAt, entry.digest),
      record.descriptor.mediaType,
      Buffer.from(record.bytes),
    );
    const stored = store.manifest(repository, entry.digest);
    const key = entry.digest.slice('sha256:'.length, 'sha256:'.length + 32);
    for (const tag of [`k-${key}`, `c-${key}`, `t-${key}`, `i-${key}`, ...users])
      if (stored !== undefined) store.putManifest(repository, tag, stored.mediaType, stored.bytes);
  };
  return { image, manifest, publication };
}
