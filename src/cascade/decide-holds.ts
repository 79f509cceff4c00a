/** Which images of its own repository a run leaves alone, since their turn has not come: pure. */
import { createGraph } from '../fleet/index.ts';
import type { FleetImage, Plan, PlannedImage } from '../fleet/types.ts';

export interface HeldImage {
  readonly name: string;
  readonly reference: string;
  readonly state: 'waiting' | 'blocked';
  readonly reason: string;
}

/**
 * A run that was dispatched or scheduled builds what is ready, and what becomes ready by that in the same run. The rest
 * waits: it would be built on an upstream that is about to change, and again soon after.
 *
 * @param fleet the images that `plan` is about
 * @param now milliseconds since 1970: failing images are tried when their time has come; absent: whenever there is a run
 */
export function decideHolds(fleet: readonly FleetImage[], plan: Plan, repository: string, now?: number): HeldImage[] {
  const graph = createGraph(fleet);
  const own = repository.toLowerCase();
  const planned = new Map(plan.images.map((image) => [image.reference, image]));
  const held = new Map<string, HeldImage>();
  // The plan has the ready ones first and the others with upstreams before dependents.
  for (const image of plan.images) {
    if (image.repository.toLowerCase() !== own || isStartable(image, now)) continue;
    if (image.state === 'ready' || image.state === 'settled') continue;
    const position = graph.positions.get(image.reference) ?? -1;
    const upstreams = (graph.upstreams[position] ?? []).flatMap((upstream) => {
      const reference = graph.images[upstream]?.reference ?? '';
      return planned.get(reference) ?? [];
    });
    const pending = upstreams.filter(({ name, state }) => state !== 'settled' && !image.onLastGood?.includes(name));
    const builtHere = pending.every(
      (upstream) => upstream.repository.toLowerCase() === own && !held.has(upstream.reference),
    );
    if (pending.length > 0 && builtHere) continue;
    const { name, reference, state, reason } = image;
    held.set(reference, { name, reference, state, reason });
  }
  return [...held.values()];
}

function isStartable({ state, retryAt }: PlannedImage, now: number | undefined): boolean {
  if (state === 'ready') return true;
  return state === 'blocked' && retryAt !== undefined && (now === undefined || retryAt <= now);
}
