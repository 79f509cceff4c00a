/**
 * Publishes the images of a run. The order is what keeps a killed run harmless: a digest is in the registry before the
 * tags that remember how it came about, and those before the tags that users pull. Every step finds out what is done
 * already, so the next run completes what this one did not.
 */
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { keysOf, memoryTags } from '../images/keys.ts';
import { platformStates } from '../images/platform-states.ts';
import { publicationAnnotations, publicationArtifactType } from '../images/publication.ts';
import { publicationTag } from '../images/publication-tag.ts';
import type {
  BuiltImage,
  Digest,
  EngineImage,
  Keys,
  Platform,
  PushedImage,
  RenderedImage,
  RenderRecord,
  RunRef,
  Upstream,
} from '../images/records.ts';
import { fail, type Problem, problemsOf } from '../problems.ts';
import { annotatedIndex, contentId, isIndex } from '../registry/index.ts';
import type { Descriptor, ImageConfig, Manifest, Registry, ResolvedImage } from '../registry/types.ts';
import { decidePublications, type PublishDecision, type RunResults, tagOrder, upstreamImages } from './decide.ts';

/** What publishing needs of the engine. */
export interface EngineStore {
  /** The engine's id of an image; `undefined` when the engine does not have it. */
  id(reference: string): Promise<string | undefined>;
  config(image: EngineImage): Promise<ImageConfig>;
  /** Hands the merged file system of one platform to `use`, as a tar stream. */
  withFileSystem<T>(image: EngineImage, platform: Platform, use: (tar: Readable) => Promise<T>): Promise<T>;
  /**
   * Brings an image into a repository (`registry/path`), as a whole or not at all; `tag` may point at it afterwards.
   * @returns its digest there
   */
  push(image: EngineImage, repository: string, tag: string): Promise<Digest>;
}

export interface Publisher {
  readonly registry: Registry;
  readonly store: () => Promise<EngineStore>;
  /** Why the run's commit must not replace what a tag points at; `undefined` when it may. */
  readonly superseded: (image: RenderedImage, published: ResolvedImage | undefined) => Promise<string | undefined>;
  readonly now: () => Date;
  readonly log: (line: string) => void;
}

export interface Publication {
  readonly images: readonly PushedImage[];
  readonly problems: readonly Problem[];
}

/** Publishes what may be published, upstreams first; an image that fails takes only those on top of it with it. */
export async function publish(render: RenderRecord, results: RunResults, publisher: Publisher): Promise<Publication> {
  const images: PushedImage[] = [];
  const problems: Problem[] = [];
  const published = new Map<string, ResolvedImage>();
  const unpublished = new Set<string>();
  for (const decision of decidePublications(render, results)) {
    const image = imageOf(render, decision.name);
    const outcome = await publishImage(image, decision, results, { publisher, published, unpublished, render });
    images.push(outcome.image);
    problems.push(...outcome.problems);
  }
  return { images, problems };
}

interface Progress {
  readonly publisher: Publisher;
  readonly render: RenderRecord;
  /** What this run published so far, by the name of the image. */
  readonly published: Map<string, ResolvedImage>;
  /** Names of the images that should have been published and were not. */
  readonly unpublished: Set<string>;
}

async function publishImage(
  image: RenderedImage,
  decision: PublishDecision,
  results: RunResults,
  progress: Progress,
): Promise<{ image: PushedImage; problems: Problem[] }> {
  const reference = `${image.repository}:${image.tags[0] ?? ''}`;
  const left = (status: PushedImage['status'], reason: string): PushedImage => ({
    name: image.name,
    status,
    reason,
    reference,
    tags: [],
    changed: false,
  });
  if (decision.action === 'wait') return { image: left('waiting', decision.reason), problems: [] };
  const onTopOf = upstreamImages(image, progress.render).find((name) => progress.unpublished.has(name));
  try {
    if (decision.action === 'refuse') fail(`${image.name} is not published: ${decision.reason}`, place(image));
    if (onTopOf !== undefined)
      fail(`${image.name} is not published: it is built on ${onTopOf}, which is not published`, place(image));
    const pushed = await write(image, decision, results, progress);
    return { image: pushed, problems: await copyEverywhere(image, pushed, progress) };
  } catch (error) {
    progress.unpublished.add(image.name);
    const problems = [...problemsOf(error)];
    const reason = decision.action === 'refuse' ? decision.reason : (problems[0]?.message ?? 'failed');
    return { image: left('refused', reason), problems };
  }
}

async function write(
  image: RenderedImage,
  decision: PublishDecision,
  results: RunResults,
  { publisher, published, render }: Progress,
): Promise<PushedImage> {
  const { registry, log } = publisher;
  const { repository } = image;
  const [mainTag = fail(`${image.name} has no tag to be published under`, place(image))] = image.tags;
  const before = await registry.resolve(repository, mainTag);
  const superseded = await publisher.superseded(image, before);
  if (superseded !== undefined) fail(`${image.name} is not published: ${superseded}`, place(image));

  const keys =
    keysOf(image.material, withPublished(image, published)) ??
    fail(`${image.name} is built on an image that has no published digest`, place(image));
  const { digest, content } =
    decision.action === 'push'
      ? await upload(image, builtImage(results, image.name), keys, publisher)
      : {
          digest: image.digest ?? fail(`${image.name} has no digest to be published`, place(image)),
          content: undefined,
        };

  const written: string[] = [];
  const writeTag = async (tag: string): Promise<void> => {
    await registry.tag(repository, digest, tag);
    written.push(tag);
  };
  const writePublication = async (): Promise<void> => {
    const at = publisher.now();
    const record = publicationRecord(image, { upstreams: withPublished(image, published), ref: render.ref, at });
    const tag = publicationTag(at, digest);
    const { descriptor } = await manifestOf(registry, repository, digest);
    const entry = isIndex(descriptor.mediaType) ? descriptor : { ...descriptor, ...platformOf(image) };
    await registry.putManifest(repository, tag, annotatedIndex(entry, publicationArtifactType, record));
    written.push(tag);
  };
  // Rotation counts from the last publication: a branch that somebody works on stays, also where an image is the same.
  if (!render.ref.isDefaultBranch) await writePublication();
  for (const tag of tagOrder(keys, content, image.tags)) {
    const present = await registry.head(repository, tag);
    if (present?.digest === digest) continue;
    // The first thing that is written of an old build: a rotation going on at the same time leaves it.
    if (written.length === 0) await writePublication();
    await writeTag(tag);
  }
  const resolved =
    (await registry.resolve(repository, digest)) ??
    fail(`${repository}@${digest} is gone from the registry right after it was published`, {
      hint: 'look for a clean-up that runs at the same time',
    });
  published.set(image.name, resolved);
  const changed = before?.digest !== digest;
  const built = decision.action === 'push';
  const reason = changed
    ? `${built ? '' : 'retagged: '}${decision.reason}`
    : built
      ? 'what was built has the content that is published'
      : 'it is published already';
  log(
    `${repository}:${mainTag} ${changed ? `→ ${digest}` : `stays ${digest}`}${written.length > 0 ? ` (${written.join(', ')})` : ''}`,
  );
  return {
    name: image.name,
    status: changed ? 'published' : 'unchanged',
    reason,
    reference: `${repository}:${mainTag}`,
    digest,
    tags: image.tags,
    changed,
  };
}

/** What can't be told later: a registry has no times, and the labels are those of the build. */
function publicationRecord(
  image: RenderedImage,
  { upstreams, ref, at }: { readonly upstreams: readonly Upstream[]; readonly ref: RunRef; readonly at: Date },
): Record<string, string> {
  return publicationAnnotations({
    publishedAt: at,
    class: ref.isDefaultBranch ? 'default' : ref.type,
    branch: ref.name,
    tags: image.tags,
    upstreams: upstreams.flatMap((upstream) =>
      upstream.kind === 'image' ? [{ reference: upstream.reference, digest: upstream.digest }] : [],
    ),
    run: ref.runUrl,
  });
}

async function manifestOf(registry: Registry, repository: string, digest: Digest): Promise<Manifest> {
  return (
    (await registry.manifest(repository, digest)) ??
    fail(`${repository}@${digest} is missing in the registry, so it cannot be published`, {
      hint: 'run the job again: the image is built or pushed anew',
    })
  );
}

/** The platform of an image for one; that of an image for several is in its own index. */
function platformOf({ platforms }: RenderedImage): Pick<Descriptor, 'platform'> {
  const [only, ...more] = platforms;
  const [os, architecture, variant] = only?.split('/') ?? [];
  if (os === undefined || architecture === undefined || more.length > 0) return {};
  return { platform: { os, architecture, ...(variant === undefined ? {} : { variant }) } };
}

/**
 * Writes the copies in further registries, which users pull from but which hold no memory. One that can't be written is
 * a problem of its own: the image is published all the same.
 */
async function copyEverywhere(
  image: RenderedImage,
  { digest }: PushedImage,
  { publisher: { registry, log }, render: { registry: host, namespace, copies } }: Progress,
): Promise<Problem[]> {
  if (digest === undefined) return [];
  const problems: Problem[] = [];
  const path = image.repository.slice(`${host}/${namespace}/`.length);
  for (const place of copies) {
    const repository = `${place}/${path}`;
    try {
      for (const tag of image.tags) {
        const present = await registry.head(repository, tag);
        if (present?.digest === digest) continue;
        await registry.copy({ repository: image.repository, tagOrDigest: digest }, { repository, tag });
        log(`${repository}:${tag} → ${digest}`);
      }
    } catch (error) {
      problems.push(...problemsOf(error));
    }
  }
  return problems;
}

/** Brings what was built into the registry, or finds that the same content is there already. */
async function upload(
  image: RenderedImage,
  built: EngineImage,
  keys: Keys,
  { registry, store: openStore, log }: Publisher,
): Promise<{ digest: Digest; content: string }> {
  const store = await openStore();
  const id = await store.id(built.reference);
  if (id !== built.id)
    fail(`the engine's image ${built.reference} is not the one that was built and tested`, {
      hint: 'run the job again; look for something else that builds on the same engine',
    });
  const content = await contentOf(image, built, store);
  const known = await registry.head(image.repository, memoryTags.content(content));
  if (known !== undefined) {
    log(`${image.name}: this content is already published as ${known.digest}`);
    return { digest: known.digest, content };
  }
  log(`${image.name}: pushing to ${image.repository}`);
  const digest = await store.push(built, image.repository, memoryTags.build(keys.build));
  const pushed =
    (await registry.manifest(image.repository, digest)) ??
    fail(`${image.repository}@${digest} is not in the registry after it was pushed`, { hint: 'run the job again' });
  // An engine names an image by its config, or, with the containerd store, by its manifest.
  const identities = [pushed.descriptor.digest, pushed.config?.digest];
  if (!identities.includes(built.id))
    fail(`${image.repository}@${digest} is ${identities.join(' / ')}, not the tested image ${built.id}`, {
      hint: 'run the job again',
    });
  return { digest, content };
}

/** The content id over all platforms: 64 hex digits. */
async function contentOf(image: RenderedImage, built: EngineImage, store: EngineStore): Promise<string> {
  const hash = createHash('sha256');
  const config = await store.config(built);
  for (const platform of [...image.platforms].sort()) {
    const [os = config.os, architecture = config.architecture, variant] = platform.split('/');
    const { variant: _, ...common } = config;
    const own = { ...common, os, architecture, ...(variant === undefined ? {} : { variant }) };
    const id = await store.withFileSystem(built, platform, (tar) => contentId(tar, own));
    hash.update(`${platform}\n${id}\n`);
  }
  return hash.digest('hex');
}

/** The upstreams with the digests that this run gave to those that were pending. */
export function withPublished(
  { upstreams, platforms }: RenderedImage,
  published: ReadonlyMap<string, ResolvedImage>,
): Upstream[] {
  return upstreams.map((upstream) => {
    if (upstream.kind !== 'pending') return upstream;
    const { written, reference } = upstream;
    const now = published.get(upstream.image);
    if (now === undefined) return upstream;
    // The next run computes the same keys only from the same platforms.
    const states = platformStates(now.platforms, platforms);
    return { kind: 'image', written, reference, digest: now.digest, platforms: states, fleet: true };
  });
}

function imageOf(render: RenderRecord, name: string): RenderedImage {
  return render.images.find((image) => image.name === name) ?? fail(`${name} is not in the render record`);
}

function builtImage(results: RunResults, name: string): EngineImage {
  const built: BuiltImage | undefined = results.build?.images.find((image) => image.name === name);
  return built?.image ?? fail(`${name} has not been built in this job`);
}

function place(image: RenderedImage): { place: { file: string } } {
  return { place: { file: image.template } };
}
