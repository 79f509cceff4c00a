/** A namespace of a registry for one scenario, and what can be done and seen there. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '../../src/images/index.ts';
import { createRegistry, type Descriptor, isIndex, mediaTypes, type Registry } from '../../src/registry/index.ts';
import type { Rotation } from '../../src/rotate/index.ts';
import { type ImageOptions, type PublishOptions, publish, pushImage, pushIndex } from './images.ts';
import { type RotateOptions, rotateOnce } from './rotate-once.ts';
import type { ScenarioRegistry } from './start-registries.ts';
import type { Tools } from './tools.ts';

export interface World {
  readonly server: ScenarioRegistry;
  readonly tools: Tools;
  readonly registry: Registry;
  /** For whatever a scenario needs files for. */
  readonly folder: string;
  readonly namespace: string;
  /** What is under `registry`, `namespace` and so on in `images.yaml`. */
  config: string;
  /** An image that provenance was attested of when it was built: `registry/path@digest`. */
  readonly attested: string;
  /** `registry/path` of an image. */
  repository(image: string): string;
  image(image: string, name: string, options?: ImageOptions): Promise<Descriptor>;
  index(
    image: string,
    entries: readonly Descriptor[],
    annotations?: Readonly<Record<string, string>>,
  ): Promise<Descriptor>;
  publish(image: string, entry: Descriptor, options: PublishOptions): Promise<void>;
  rotate(options?: Partial<Pick<RotateOptions, 'request' | 'wrap' | 'log'>>): Promise<Rotation>;
  rotateOptions(): RotateOptions;
  /** Tags for users, sorted. */
  tags(image: string): Promise<string[]>;
  has(image: string, tagOrDigest: string): Promise<boolean>;
  /** @throws Error unless exactly these tags for users are there */
  expectTags(image: string, tags: readonly string[]): Promise<void>;
  /** @throws Error where one is there that should be gone, or the other way round */
  expectThere(image: string, manifests: readonly { readonly digest: Digest }[]): Promise<void>;
  expectGone(image: string, manifests: readonly { readonly digest: Digest }[]): Promise<void>;
}

export interface WorldOptions {
  readonly server: ScenarioRegistry;
  readonly tools: Tools;
  readonly folder: string;
  readonly namespace: string;
  readonly attested: string;
}

export function createWorld({ server, tools, folder, namespace, attested }: WorldOptions): World & {
  /** Names of the images that there are. */
  readonly images: ReadonlySet<string>;
} {
  const registry = createRegistry();
  const images = new Set<string>();
  const repository = (image: string): string => {
    images.add(image);
    return `${server.host}/${namespace}/${image}`;
  };
  const reference = (image: string, tagOrDigest: string): string =>
    `${repository(image)}${tagOrDigest.includes(':') ? '@' : ':'}${tagOrDigest}`;
  const world: World = {
    server,
    tools,
    registry,
    folder,
    namespace,
    attested,
    config: '',
    repository,
    image: (image, name, options) => pushImage(registry, repository(image), name, options),
    index: (image, entries, annotations) => pushIndex(registry, repository(image), entries, annotations),
    publish: (image, entry, options) => publish(registry, repository(image), entry, options),
    rotate: (options = {}) => rotateOnce({ ...world.rotateOptions(), ...options }),
    rotateOptions: () => ({
      host: server.host,
      namespace,
      images: [...images].sort(),
      config: world.config,
      recordFile: join(folder, 'deletions.json'),
    }),
    tags: async (image) => {
      const all = (await tools.use('crane', ['ls', repository(image)])).split('\n');
      return all.filter((tag) => tag !== '' && !/^(?:[kcti]-[0-9a-f]{32}|p-\d.*|sha256-.*)$/.test(tag)).sort();
    },
    has: async (image, tagOrDigest) => {
      const { status, stderr } = await tools.attempt('crane', ['manifest', reference(image, tagOrDigest)]);
      if (status !== 0 && !/MANIFEST_UNKNOWN|NAME_UNKNOWN|404/.test(stderr)) throw new Error(stderr);
      return status === 0;
    },
    async expectTags(image, tags) {
      const found = (await world.tags(image)).join(' ');
      const expected = [...tags].sort().join(' ');
      if (found !== expected) throw new Error(`${image} has the tags '${found}' instead of '${expected}'`);
    },
    async expectThere(image, manifests) {
      for (const { digest } of manifests)
        if (!(await world.has(image, digest))) throw new Error(`${image}@${digest} is gone`);
    },
    async expectGone(image, manifests) {
      for (const { digest } of manifests)
        if (await world.has(image, digest)) throw new Error(`${image}@${digest} is still there`);
    },
  };
  return Object.assign(world, { images });
}

/**
 * Pulls everything that has a tag completely, with a client that is not ours, which checks every digest; images are
 * validated layer by layer besides. What several tags point at is pulled once.
 * @returns the number of tags
 * @throws Error for the first that is not complete
 */
export async function pullEverything(world: World, images: Iterable<string>): Promise<number> {
  let count = 0;
  for (const image of images) {
    const repository = world.repository(image);
    const { status, stdout } = await world.tools.attempt('crane', ['ls', repository]);
    const pulled = new Set<string>();
    // A repository without any tag may be unknown.
    for (const tag of status === 0 ? stdout.split('\n').filter((line) => line !== '') : []) {
      const digest = await digestOfTag(repository, tag);
      // A registry that was asked to delete may still be at it: then the tag goes, too.
      if (digest === undefined && !(await world.tools.use('crane', ['ls', repository])).split('\n').includes(tag))
        continue;
      if (digest === undefined) throw new Error(`${repository}:${tag} points at nothing`);
      if (!pulled.has(digest)) await pull(world, `${repository}:${tag}`);
      pulled.add(digest);
      count += 1;
    }
  }
  return count;
}

async function digestOfTag(repository: string, tag: string): Promise<string | undefined> {
  const slash = repository.indexOf('/');
  const url = `http://${repository.slice(0, slash)}/v2/${repository.slice(slash + 1)}/manifests/${tag}`;
  const accept = Object.values(mediaTypes).join(', ');
  const answer = await fetch(url, { method: 'HEAD', headers: { accept } });
  if (answer.status === 404) return undefined;
  const digest = answer.headers.get('docker-content-digest');
  if (!answer.ok || digest === null) throw new Error(`${repository}:${tag} is answered with ${answer.status}`);
  return digest;
}

async function pull(world: World, reference: string): Promise<void> {
  await mkdir(world.folder, { recursive: true });
  const target = await mkdtemp(join(world.folder, 'pull-'));
  try {
    await world.tools.use('crane', ['pull', '--format', 'oci', reference, target]);
  } finally {
    await rm(target, { recursive: true, force: true });
  }
  const platforms = await runnablePlatforms(world, reference);
  if (platforms === 'all') await world.tools.use('crane', ['validate', '--remote', reference]);
  else
    for (const platform of platforms)
      await world.tools.use('crane', ['validate', '--platform', platform, '--remote', reference]);
}

/** Validation reads layers as archives, which those of signatures and attestations are not. */
async function runnablePlatforms(world: World, reference: string): Promise<'all' | readonly string[]> {
  const manifest: ManifestText = JSON.parse(await world.tools.use('crane', ['manifest', reference]));
  if (!isIndex(manifest.mediaType ?? '')) return isImage(manifest) ? 'all' : [];
  const entries = manifest.manifests ?? [];
  const repository = reference.slice(0, reference.lastIndexOf(':'));
  const kinds = await Promise.all(
    entries.map(async ({ digest, annotations }) => {
      if (annotations?.['vnd.docker.reference.type'] !== undefined) return 'other';
      const entry: ManifestText = JSON.parse(await world.tools.use('crane', ['manifest', `${repository}@${digest}`]));
      return isIndex(entry.mediaType ?? '') ? 'index' : isImage(entry) ? 'image' : 'other';
    }),
  );
  if (!kinds.includes('other')) return kinds.includes('index') ? [] : 'all';
  return entries.flatMap(({ platform }, at) =>
    kinds[at] === 'image' && platform !== undefined ? [`${platform.os}/${platform.architecture}`] : [],
  );
}

interface ManifestText {
  readonly mediaType?: string;
  readonly layers?: readonly { readonly mediaType: string }[];
  readonly manifests?: readonly Descriptor[];
}

function isImage({ layers = [] }: ManifestText): boolean {
  return layers.length > 0 && layers.every(({ mediaType }) => /\.layer\.|\.rootfs\./.test(mediaType));
}
