/** Git and the registry of a simulated fleet, what is in each image, and what should be. */
import { inputTagOf } from '../../src/fleet/index.ts';
import type { FleetImage, UpstreamName } from '../../src/fleet/types.ts';
import { buildKey, type KeyMaterial, memoryTags, testsKey } from '../../src/images/index.ts';
import type { PlainFleet } from './fleets.ts';
import { createRegistry, platform, type SimulatedRegistry } from './registry.ts';

export interface Repository {
  /** `owner/name`. */
  readonly name: string;
  /** Upstreams before dependents. */
  readonly images: readonly Image[];
  /** The last one is the head of the default branch. */
  readonly commits: Commit[];
}

export interface Image {
  readonly position: number;
  readonly name: string;
  /** `registry/path`. */
  readonly path: string;
  /** Of the main tag. */
  readonly reference: string;
  readonly repository: Repository;
  readonly upstreams: readonly Extract<UpstreamName, { kind: 'image' }>[];
  /** Of those inside of the fleet, which come first. */
  readonly upstreamPositions: readonly number[];
  /** Seconds that its build takes. */
  readonly seconds: number;
}

export interface Commit {
  readonly revision: string;
  /** The files of each image, by its name. */
  readonly files: ReadonlyMap<string, Files>;
  /** Version of `images.yaml`. */
  readonly settings: number;
}

export interface Files {
  readonly version: number;
  /** What ends up in the image; the same for two versions that differ in a comment. */
  readonly content: number;
}

export interface World {
  readonly images: readonly Image[];
  readonly repositories: readonly Repository[];
  readonly registry: SimulatedRegistry;
  /** References of the images outside of the fleet. */
  readonly outside: readonly string[];
  /** Positions of the images whose builds fail: for ever, or as often as this says. */
  readonly failing: Map<number, number>;
  /** The fleet at the heads of all repositories. */
  readonly fleet: () => readonly FleetImage[];
  /**
   * @param changes names of images whose files change, and whether that changes what ends up in them
   * @param settings whether `images.yaml` changes as well
   */
  readonly commit: (repository: Repository, changes: ReadonlyMap<string, boolean>, settings?: boolean) => Commit;
  /** A new image outside of the fleet, under the tag that it had. */
  readonly changeOutside: (reference: string, now: number) => void;
  /** Number of what an image has in it that is built from these. */
  readonly contentOf: (image: Image, files: Files, upstreams: readonly number[]) => number;
  /** Content that each image should have, with what its sources and upstreams are now. */
  readonly wanted: () => readonly number[];
}

/** The first version of everything, published. With `empty`, only what is outside of the fleet is. */
export function createWorld(plain: PlainFleet, empty: boolean): World {
  const registry = createRegistry();
  const outside = [0, 1, 2].map((number) => `docker.io/library/outside-${number}:stable`);
  const { images, repositories } = createImages(plain, outside);
  const contents = new Map<string, number>();
  let versions = 0;
  let fleet: readonly FleetImage[] | undefined;

  const contentOf: World['contentOf'] = (image, { content }, upstreams) => {
    const text = `${image.position} ${content} ${upstreams.join()}`;
    const number = contents.get(text) ?? contents.size + 1;
    contents.set(text, number);
    return number;
  };
  const changeOutside = (reference: string, now: number): void => {
    versions += 1;
    const build = { content: -versions, upstreams: [], repository: 'outside', revision: '' };
    registry.write(pathOf(reference), tagOf(reference), registry.add(build), now);
  };
  const publishedContent = (reference: string): number | undefined => {
    const digest = registry.read(pathOf(reference), tagOf(reference));
    return digest === undefined ? undefined : registry.buildOf(digest)?.content;
  };
  const world: World = {
    images,
    repositories,
    registry,
    outside,
    failing: new Map(),
    fleet: () => {
      fleet ??= images.map((image) => fleetImage(image));
      return fleet;
    },
    commit: (repository, changes, settings = false) => {
      versions += 1;
      const head = headOf(repository);
      const files = new Map(head.files);
      for (const [name, matters] of changes)
        files.set(name, { version: versions, content: matters ? versions : (files.get(name)?.content ?? 0) });
      const commit = { revision: revisionOf(versions), files, settings: settings ? versions : head.settings };
      repository.commits.push(commit);
      fleet = undefined;
      return commit;
    },
    changeOutside,
    contentOf,
    wanted: () => {
      const wanted: number[] = [];
      for (const image of images) {
        const upstreams = image.upstreams.map(
          ({ reference }, index) => wanted[image.upstreamPositions[index] ?? -1] ?? publishedContent(reference) ?? 0,
        );
        const built = contentOf(image, filesOf(image), upstreams);
        // What can't be built stays as it was.
        const stays = world.failing.get(image.position) === Number.POSITIVE_INFINITY;
        wanted.push((stays ? publishedContent(image.reference) : undefined) ?? built);
      }
      return wanted;
    },
  };
  for (const reference of outside) changeOutside(reference, 0);
  if (!empty) for (const image of images) publishFirst(image, world);
  return world;
}

function createImages(plain: PlainFleet, outside: readonly string[]): Pick<World, 'images' | 'repositories'> {
  const byNumber = new Map<number, { name: string; images: Image[]; commits: Commit[] }>();
  const images = plain.images.map(({ upstreams, outside: number, repository: key, seconds }, position): Image => {
    const repository = byNumber.get(key) ?? { name: `acme/repository-${key}`, images: [], commits: [] };
    byNumber.set(key, repository);
    const references = [
      ...upstreams.map(referenceOf),
      ...(number === undefined ? [] : [outside[number % outside.length] ?? '']),
    ];
    const reference = referenceOf(position);
    const image: Image = {
      position,
      name: nameOf(position),
      path: pathOf(reference),
      reference,
      repository,
      upstreams: references.map((one) => ({ kind: 'image', reference: one })),
      upstreamPositions: upstreams,
      seconds,
    };
    repository.images.push(image);
    return image;
  });
  const repositories = [...byNumber.values()];
  for (const { images: own, commits } of repositories)
    commits.push({
      revision: revisionOf(0),
      files: new Map(own.map(({ name }) => [name, { version: 0, content: 0 }])),
      settings: 0,
    });
  return { images, repositories };
}

/** Publishes an image as a run would have. */
function publishFirst(image: Image, { registry, contentOf }: World): void {
  const upstreams = image.upstreams.map(({ reference }) => registry.read(pathOf(reference), tagOf(reference)) ?? '');
  const contents = upstreams.map((digest) => registry.buildOf(digest)?.content ?? 0);
  const content = contentOf(image, filesOf(image), contents);
  const revision = headOf(image.repository).revision;
  const digest = registry.add({ content, upstreams, repository: image.repository.name, revision });
  const states = image.upstreams.map(({ reference }, index) => ({
    kind: 'image' as const,
    reference,
    platforms: { [platform]: upstreams[index] ?? '' },
  }));
  const build = buildKey(materialOf(image, headOf(image.repository)).build, states);
  const platforms = new Map(states.map(({ reference, platforms: own }) => [reference, own]));
  const input = inputTagOf(fleetImage(image), { ...noState, platforms });
  registry.write(image.path, memoryTags.build(build), digest, 0);
  registry.write(image.path, memoryTags.content(contentTag(content)), digest, 0);
  registry.write(image.path, memoryTags.tests(testsKey(build, undefined)), digest, 0);
  if (input !== undefined) registry.write(image.path, tagOf(input), digest, 0);
  registry.write(image.path, 'latest', digest, 0);
}

const noState = { published: new Map(), inputTags: new Map(), commits: new Map(), failed: new Set<string>() };

/** 64 hex digits. */
export function contentTag(content: number): string {
  return content.toString(16).padStart(32, '0').padEnd(64, '0');
}

export function fleetImage(image: Image): FleetImage {
  const head = headOf(image.repository);
  return {
    reference: image.reference,
    name: image.name,
    repository: image.repository.name,
    revision: head.revision,
    platforms: [platform],
    material: materialOf(image, head).input,
    upstreams: image.upstreams,
  };
}

export function materialOf({ name }: Image, { files, settings }: Commit): KeyMaterial {
  const version = `${files.get(name)?.version}`;
  return {
    input: { objects: { [`docker/${name}`]: version, 'images.yaml': `${settings}` } },
    build: { dockerfile: version, context: '', buildArgs: {}, platforms: [platform] },
  };
}

export function headOf({ name, commits }: Repository): Commit {
  const head = commits.at(-1);
  if (head === undefined) throw new Error(`${name} has no commit`);
  return head;
}

export function filesOf(image: Image): Files {
  return headOf(image.repository).files.get(image.name) ?? { version: 0, content: 0 };
}

/** Digest that an image is published as. */
export function publishedDigest({ path }: Image, { registry }: World): string | undefined {
  return registry.read(path, 'latest');
}

export function pathOf(reference: string): string {
  return reference.slice(0, reference.lastIndexOf(':'));
}

export function tagOf(reference: string): string {
  return reference.slice(reference.lastIndexOf(':') + 1);
}

function nameOf(position: number): string {
  return `image-${position}`;
}

function referenceOf(position: number): string {
  return `ghcr.io/acme/${nameOf(position)}:latest`;
}

function revisionOf(version: number): string {
  return version.toString(16).padStart(40, '0');
}
