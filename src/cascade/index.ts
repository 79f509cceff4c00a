/** A cascade: from one change to the dispatches that follow from it. */
export { type Dispatch, type DispatchDecision, type DispatchScope, decideDispatches } from './decide.ts';
export { decideHolds, type HeldImage } from './decide-holds.ts';
export { type Dispatched, type Look, look, type Means, type Question } from './look.ts';
export { type Origin, readOrigin } from './origin.ts';
export { type Outputs, outputsOf } from './outputs.ts';
export { type Payload, payloadOf } from './payload.ts';
export {
  type Mode,
  modes,
  questionOf,
  type RunResults,
  reasonToStay,
  type Settings,
  scopeAfterPush,
} from './question.ts';
