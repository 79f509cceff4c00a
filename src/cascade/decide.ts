/** Which repositories to tell that they have something to do: pure. */
import type { Plan, PlannedImage } from '../fleet/types.ts';

export interface Dispatch {
  /** `owner/name`. */
  readonly repository: string;
  /** Names of its images that are ready, longest remaining chain first. */
  readonly images: readonly string[];
  readonly reason: string;
}

export interface DispatchScope {
  /** References that this look is about; absent: all of the fleet. */
  readonly about?: ReadonlySet<string>;
  /** References that this run has just published or found unchanged. */
  readonly handled: ReadonlySet<string>;
  /** Repositories whose own run for a newer commit is on its way. */
  readonly superseded: ReadonlySet<string>;
}

/** One dispatch for each repository with something that is ready, in the order in which they should start. */
export function decideDispatches(plan: Plan, scope: DispatchScope): readonly Dispatch[] {
  const byRepository = new Map<string, PlannedImage[]>();
  for (const image of plan.images) {
    if (image.state !== 'ready' || scope.superseded.has(image.repository)) continue;
    // What is ready for another reason has a run of its own coming, and at the latest a reconcile.
    if (scope.about !== undefined && !scope.about.has(image.reference)) continue;
    // A run that dispatched itself for what it has just done would never end.
    if (scope.handled.has(image.reference)) continue;
    const images = byRepository.get(image.repository);
    if (images === undefined) byRepository.set(image.repository, [image]);
    else images.push(image);
  }
  return [...byRepository].map(([repository, images]) => ({
    repository,
    images: images.map(({ name }) => name),
    reason: images.map(({ name, reason }) => `${name}: ${reason}`).join('; '),
  }));
}
