/** Fleets in short hand, and a world in which images can be built: both for tests of the planner. */
import { defaultPolicy, inputTagOf, plan, sourceName } from '../../src/fleet/index.ts';
import type { FleetImage, FleetState, Plan, UpstreamName } from '../../src/fleet/types.ts';

export const platform = 'linux/amd64';

/** Names become references of one registry; `owner/name#ref` is a source, anything with a dot is a reference already. */
export function referenceOf(name: string): string {
  return name.includes('.') ? name : `ghcr.io/acme/${name}:latest`;
}

export function upstreamOf(name: string): UpstreamName {
  const [repository = '', ref] = name.split('#');
  return ref === undefined ? { kind: 'image', reference: referenceOf(name) } : { kind: 'source', repository, ref };
}

/** `{ 'nginx': ['debian-base'] }`: images and their upstreams; each image in a repository of its own. */
export function fleetOf(upstreams: Readonly<Record<string, readonly string[]>>): FleetImage[] {
  return Object.entries(upstreams).map(([name, names]) => ({
    reference: referenceOf(name),
    name,
    repository: `acme/${name}`,
    platforms: [platform],
    material: { objects: { 'images.yaml': `${name} 0` } },
    upstreams: names.map(upstreamOf),
  }));
}

/** The registry and git of a test, changed by `build` and `change`. */
export interface World {
  readonly fleet: FleetImage[];
  readonly published: Map<string, string>;
  readonly platforms: Map<string, Record<string, string>>;
  readonly inputTags: Map<string, string>;
  readonly commits: Map<string, string>;
  readonly failed: Set<string>;
  /** How often each image was built. */
  readonly builds: Map<string, number>;
}

export function worldOf(fleet: readonly FleetImage[]): World {
  const world: World = {
    fleet: [...fleet],
    published: new Map(),
    platforms: new Map(),
    inputTags: new Map(),
    commits: new Map(),
    failed: new Set(),
    builds: new Map(),
  };
  const inside = new Set(fleet.map(({ reference }) => reference));
  for (const { upstreams } of fleet)
    for (const upstream of upstreams) {
      if (upstream.kind === 'source') world.commits.set(sourceName(upstream.repository, upstream.ref), 'commit 0');
      else if (!inside.has(upstream.reference)) world.platforms.set(upstream.reference, { [platform]: 'outside 0' });
    }
  return world;
}

/** Builds and publishes an image on what is published now, as a run of its repository does. */
export function build(world: World, reference: string): void {
  const image = imageIn(world, reference);
  const tag = inputTagOf(image, world);
  if (tag === undefined) throw new Error(`${reference} can't be built: an upstream is missing`);
  const count = (world.builds.get(reference) ?? 0) + 1;
  world.builds.set(reference, count);
  publish(world, reference, tag, world.inputTags.get(tag) ?? `digest of ${tag}`);
}

/** As `build`, with a result that has the same content as before: the old digest is kept. */
export function buildUnchanged(world: World, reference: string): void {
  const tag = inputTagOf(imageIn(world, reference), world);
  const digest = world.published.get(reference);
  if (tag === undefined || digest === undefined) throw new Error(`${reference} was never published`);
  world.builds.set(reference, (world.builds.get(reference) ?? 0) + 1);
  publish(world, reference, tag, digest);
}

/** A commit in the repository of an image. */
export function change(world: World, name: string, version: string): void {
  const position = world.fleet.findIndex((image) => image.name === name);
  const image = imageIn(world, referenceOf(name));
  world.fleet[position] = { ...image, material: { objects: { 'images.yaml': `${name} ${version}` } } };
}

function publish(world: World, reference: string, tag: string, digest: string): void {
  world.inputTags.set(tag, digest);
  world.published.set(reference, digest);
  world.platforms.set(reference, { [platform]: digest });
}

function imageIn(world: World, reference: string): FleetImage {
  const image = world.fleet.find((candidate) => candidate.reference === reference);
  if (image === undefined) throw new Error(`no image ${reference}`);
  return image;
}

/** The plan at the beginning of time, with the policy that users get. */
export function planOf(fleet: readonly FleetImage[], state: FleetState, now = 0, policy = defaultPolicy): Plan {
  return plan(fleet, state, now, policy);
}
