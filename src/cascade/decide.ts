/** Which repositories to tell that they have something to do: pure. */
import type { Plan, PlannedImage } from '../fleet/types.ts';

export interface Dispatch {
  /** `owner/name`. */
  readonly repository: string;
  /** Names of its images that are to be built, longest remaining chain first. */
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
  /** Now, in milliseconds since 1970, where failing images whose time has come are tried again; absent: they are not. */
  readonly retryBy?: number;
  /**
   * Leaves repositories alone that have a run queued or in progress. Only for a look that comes again: that run may have
   * read the registry already.
   */
  readonly skipRunning?: boolean;
  /** Dispatches that one look may send. */
  readonly maxDispatches?: number;
}

export interface DispatchDecision {
  /** The most urgent first. */
  readonly dispatches: readonly Dispatch[];
  /** Left for the next look, since there are more than `maxDispatches`. */
  readonly left: readonly Dispatch[];
}

/** One dispatch for each repository with something to build, in the order in which they should start. */
export function decideDispatches(plan: Plan, scope: DispatchScope): DispatchDecision {
  const byRepository = new Map<string, PlannedImage[]>();
  for (const image of plan.images) {
    if (!isDue(image, scope) || scope.superseded.has(image.repository)) continue;
    if (scope.skipRunning === true && image.running === true) continue;
    // What is ready for another reason has a run of its own coming, and at the latest a reconcile.
    if (scope.about !== undefined && !scope.about.has(image.reference)) continue;
    // A run that dispatched itself for what it has just done would never end.
    if (scope.handled.has(image.reference)) continue;
    const images = byRepository.get(image.repository);
    if (images === undefined) byRepository.set(image.repository, [image]);
    else images.push(image);
  }
  const dispatches = [...byRepository].map(([repository, images]) => ({
    repository,
    images: images.map(({ name }) => name),
    reason: images.map(({ name, reason }) => `${name}: ${reason}`).join('; '),
  }));
  const most = scope.maxDispatches ?? dispatches.length;
  return { dispatches: dispatches.slice(0, most), left: dispatches.slice(most) };
}

function isDue({ state, retryAt }: PlannedImage, { retryBy }: DispatchScope): boolean {
  if (state === 'ready') return true;
  return state === 'blocked' && retryAt !== undefined && retryBy !== undefined && retryAt <= retryBy;
}
