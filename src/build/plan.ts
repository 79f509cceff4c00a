/** Which images of a run are built, and on what: pure. */
import type { BuildContext, BuildTarget } from '../engine/index.ts';
import type { BuiltImage, RenderedImage, RenderRecord } from '../images/records.ts';
import { formatReference, parseReference } from '../images/reference.ts';

/** An image that is to be built, and the images of the same build that it stands on. */
export interface PlannedImage {
  readonly image: RenderedImage;
  readonly contexts: BuildTarget['contexts'];
  readonly needs: readonly string[];
}

export interface BuildPlan {
  /** In the record's order, upstreams first. */
  readonly build: readonly PlannedImage[];
  /** The others, each with its reason. */
  readonly rest: readonly BuiltImage[];
}

export function planBuild(render: RenderRecord): BuildPlan {
  const build = new Map<string, PlannedImage>();
  const rest = new Map<string, BuiltImage>();
  for (const image of render.images) {
    const { name } = image;
    if (image.waiting) {
      rest.set(name, { name, status: 'waiting', reason: image.build.reason });
      continue;
    }
    if (!image.build.needed) {
      rest.set(name, { name, status: 'reused', reason: image.build.reason });
      continue;
    }
    const contexts: Record<string, BuildContext> = {};
    let obstacle: BuiltImage | undefined;
    for (const upstream of image.upstreams) {
      if (upstream.kind === 'image')
        contexts[upstream.written] = { kind: 'image', reference: pinned(upstream.reference, upstream.digest) };
      if (upstream.kind === 'missing')
        obstacle = { name, status: 'waiting', reason: `${upstream.reference} is not published yet` };
      if (upstream.kind !== 'pending') continue;
      if (build.has(upstream.image)) {
        contexts[upstream.written] = { kind: 'target', name: upstream.image };
        continue;
      }
      const digest = render.images.find((other) => other.name === upstream.image)?.digest;
      if (rest.get(upstream.image)?.status === 'reused' && digest !== undefined)
        contexts[upstream.written] = { kind: 'image', reference: pinned(upstream.reference, digest) };
      else obstacle = { name, status: 'waiting', reason: `${upstream.image} is waiting` };
    }
    if (obstacle !== undefined) rest.set(name, obstacle);
    else {
      const needs = Object.values(contexts).flatMap((context) => (context.kind === 'target' ? [context.name] : []));
      build.set(name, { image, contexts, needs: [...new Set(needs)] });
    }
  }
  return { build: [...build.values()], rest: [...rest.values()] };
}

/** `registry/repository@digest`: the tag left out, so that nothing but the digest counts. */
function pinned(reference: string, digest: string): string {
  const { registry, repository } = parseReference(reference);
  return formatReference({ registry, repository, digest });
}

/** The images that stand on one of `names`, directly or not, among those planned. */
export function dependentsOf(plan: readonly PlannedImage[], names: readonly string[]): ReadonlySet<string> {
  const reached = new Set(names);
  // Upstreams come first, so one pass sees everything.
  for (const { image, needs } of plan) if (needs.some((need) => reached.has(need))) reached.add(image.name);
  for (const name of names) reached.delete(name);
  return reached;
}

/** The images that `name` stands on, and itself, upstreams first. */
export function withUpstreams(plan: readonly PlannedImage[], name: string): readonly PlannedImage[] {
  const needed = new Set([name]);
  for (const { image, needs } of plan.toReversed())
    if (needed.has(image.name)) for (const need of needs) needed.add(need);
  return plan.filter(({ image }) => needed.has(image.name));
}

/**
 * Where the engine keeps what this run built. The host does not exist, so that nothing of it is ever pulled or pushed
 * by mistake, and no image of the user's is replaced.
 */
export function engineReference(image: RenderedImage, runId: string): string {
  const { registry, repository } = parseReference(image.repository);
  const host = registry
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return `image-cascade.local/${host}/${repository}:run-${runId.replaceAll(/[^a-zA-Z0-9_.-]/g, '-')}`;
}
