/** Small images that any client can pull, published as the pipeline does, at whatever time. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { type Digest, publicationTag } from '../../src/images/index.ts';
import {
  type PublicationClass,
  publicationAnnotations,
  publicationArtifactType,
} from '../../src/images/publication.ts';
import {
  annotatedIndex,
  type Descriptor,
  digestOf,
  mediaTypes,
  parseManifest,
  type Registry,
} from '../../src/registry/index.ts';

export interface ImageOptions {
  /** Default `amd64`. */
  readonly architecture?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Contents of its layers, one file each; default: one, of the image alone. */
  readonly layers?: readonly string[];
}

export interface PublishOptions {
  /** How long ago. */
  readonly days: number;
  /** Default: `main`, the default branch. */
  readonly branch?: string;
  /** Default: what the branch tells. */
  readonly kind?: PublicationClass;
  /** Tags for users; default `latest` for the default branch, else the branch. */
  readonly tags?: readonly string[];
  readonly upstreams?: readonly Digest[];
}

/** Pushes an image by its digest alone. */
export async function pushImage(
  registry: Registry,
  repository: string,
  name: string,
  { architecture = 'amd64', labels = {}, layers = [name] }: ImageOptions = {},
): Promise<Descriptor> {
  const tars = await Promise.all(layers.map(archiveOf));
  const config = Buffer.from(
    JSON.stringify({
      os: 'linux',
      architecture,
      config: { Labels: { name, ...labels } },
      rootfs: { type: 'layers', diff_ids: tars.map((tar) => digestOf(tar)) },
      history: tars.map(() => ({ created_by: name })),
    }),
  );
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: await pushBlob(registry, repository, mediaTypes.ociConfig, config),
    layers: await Promise.all(
      tars.map((tar) => pushBlob(registry, repository, 'application/vnd.oci.image.layer.v1.tar+gzip', gzipSync(tar))),
    ),
  };
  const { descriptor } = await pushManifest(registry, repository, manifest);
  return { ...descriptor, platform: { os: 'linux', architecture } };
}

/** Pushes an index by its digest alone. */
export async function pushIndex(
  registry: Registry,
  repository: string,
  manifests: readonly Descriptor[],
  annotations: Readonly<Record<string, string>> = {},
): Promise<Descriptor> {
  const index = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests, annotations };
  return (await pushManifest(registry, repository, index)).descriptor;
}

/** Publishes what is in a repository already: record and memory first, then the tags for users, as the pipeline does. */
export async function publish(
  registry: Registry,
  repository: string,
  entry: Descriptor,
  { days, branch = 'main', kind = branch === 'main' ? 'default' : 'branch', tags, upstreams = [] }: PublishOptions,
): Promise<void> {
  const publishedAt = new Date(Date.now() - days * 24 * 60 * 60 * 1000);
  const users = tags ?? [branch === 'main' ? 'latest' : branch];
  const annotations = publicationAnnotations({
    publishedAt,
    class: kind,
    branch,
    tags: users,
    upstreams: upstreams.map((digest) => ({ reference: repository, digest })),
    run: '',
  });
  const record = annotatedIndex(entry, publicationArtifactType, annotations);
  await registry.putManifest(repository, publicationTag(publishedAt, entry.digest), record);
  const key = createHash('sha256').update(entry.digest).digest('hex').slice(0, 32);
  for (const tag of [...['k', 'c', 't', 'i'].map((kindOfKey) => `${kindOfKey}-${key}`), ...users])
    await registry.tag(repository, entry.digest, tag);
}

async function pushManifest(registry: Registry, repository: string, body: object) {
  const manifest = parseManifest(Buffer.from(JSON.stringify(body)), undefined, repository);
  await registry.putManifest(repository, manifest.descriptor.digest, manifest);
  return manifest;
}

async function pushBlob(registry: Registry, repository: string, mediaType: string, bytes: Buffer): Promise<Descriptor> {
  const descriptor = { mediaType, digest: digestOf(bytes), size: bytes.length };
  await registry.putBlob(repository, descriptor, async () => Readable.from([bytes]));
  return descriptor;
}

/** A tar archive with one file. */
export async function archiveOf(content: string): Promise<Buffer> {
  const tar = pack();
  tar.entry({ name: 'content', mtime: new Date(0) }, content);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}
