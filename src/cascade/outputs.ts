/** What a look tells the later steps of the job. */
import type { ImageState, Plan, PlannedImage } from '../fleet/types.ts';
import type { Look } from './look.ts';
import type { Dispatched } from './send.ts';

export interface Outputs {
  readonly dispatched: readonly Dispatched[];
  readonly waiting: readonly PlannedImage[];
  readonly blocked: readonly PlannedImage[];
  /** Without the settled images where there are too many for an output. */
  readonly plan: Plan;
}

/** All outputs of a job together have 1 MB. */
const mostImages = 1_000;

export function outputsOf({ plan, dispatched }: Pick<Look, 'plan' | 'dispatched'>): Outputs {
  const inState = (state: ImageState): PlannedImage[] =>
    plan.images.filter((image) => image.state === state).slice(0, mostImages);
  const unsettled = plan.images.filter(({ state }) => state !== 'settled').slice(0, mostImages);
  return {
    dispatched: dispatched.filter(({ status }) => status === 'dispatched'),
    waiting: inState('waiting'),
    blocked: inState('blocked'),
    plan: plan.images.length <= mostImages ? plan : { ...plan, images: unsettled },
  };
}
