/** Which images of its own repository a run leaves alone, since their turn has not come: pure. */
import { createGraph, imageAt, positionOf, upstreamsAt } from '../fleet/index.ts';
import type { FleetImage, Plan, PlannedImage } from '../fleet/types.ts';

export interface HeldImage {
  readonly name: string;
  readonly reference: string;
  readonly state: 'waiting' | 'blocked';
  readonly reason: string;
}

/**
 * A run builds what is ready, and what becomes ready by that in the same run. The rest waits: it would be built on an
 * upstream that is about to change, and again soon after. (What a push changes is built all the same: `render` sees to
 * that, which knows what there is in it.)
 *
 * @param fleet the images that `plan` is about
 * @param retryBy now, in milliseconds since 1970, where a failing image is tried only when its time has come; absent:
 *     whenever there is a run
 */
export function decideHolds(
  fleet: readonly FleetImage[],
  plan: Plan,
  repository: string,
  retryBy?: number,
): HeldImage[] {
  const upstreamsOf = createUpstreams(fleet, plan);
  const isOwn = ownedBy(repository);
  const held = new Map<string, HeldImage>();
  // The plan has the ready ones first and the others with upstreams before dependents.
  for (const image of plan.images) {
    const { name, reference, state, reason } = image;
    if (!isOwn(image) || state === 'settled' || state === 'ready' || isStartable(image, retryBy)) continue;
    const pending = upstreamsOf(image).filter((upstream) => upstream.state !== 'settled');
    const builtHere = pending.every((upstream) => isOwn(upstream) && !held.has(upstream.reference));
    if (pending.length > 0 && builtHere) continue;
    held.set(reference, { name, reference, state, reason });
  }
  return [...held.values()];
}

/**
 * Names of the failing images of a repository whose dependents do without them: the run tries to build both, the
 * dependents on what is published.
 */
export function decideLastGood(fleet: readonly FleetImage[], plan: Plan, repository: string): string[] {
  const upstreamsOf = createUpstreams(fleet, plan);
  const isOwn = ownedBy(repository);
  const names = plan.images
    .filter((image) => isOwn(image) && image.onLastGood !== undefined)
    .flatMap((image) => upstreamsOf(image).filter((upstream) => upstream.state === 'blocked' && isOwn(upstream)))
    .map(({ name }) => name);
  return [...new Set(names)];
}

function ownedBy(repository: string): (image: Pick<PlannedImage, 'repository'>) => boolean {
  const own = repository.toLowerCase();
  return (image) => image.repository.toLowerCase() === own;
}

function createUpstreams(fleet: readonly FleetImage[], plan: Plan): (image: PlannedImage) => readonly PlannedImage[] {
  const graph = createGraph(fleet);
  const planned = new Map(plan.images.map((image) => [image.reference, image]));
  return ({ reference }) => {
    const position = positionOf(graph, reference);
    const upstreams = position === undefined ? [] : [...upstreamsAt(graph, position)];
    return upstreams.flatMap((upstream) => planned.get(imageAt(graph, upstream).reference) ?? []);
  };
}

function isStartable({ state, retryAt }: PlannedImage, retryBy: number | undefined): boolean {
  if (state === 'ready') return true;
  return state === 'blocked' && retryAt !== undefined && (retryBy === undefined || retryAt <= retryBy);
}
