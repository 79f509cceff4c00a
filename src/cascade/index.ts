/** A cascade: from one change to the dispatches that follow from it. */
export { type Dispatch, type DispatchDecision, type DispatchScope, decideDispatches } from './decide.ts';
export { decideHolds, decideLastGood, type HeldImage } from './decide-holds.ts';
export { createFacts, type Facts, readFacts, writeFacts } from './facts.ts';
export { type Look, look } from './look.ts';
export { type Origin, readOrigin } from './origin.ts';
export { type Outputs, outputsOf } from './outputs.ts';
export { type Payload, payloadOf } from './payload.ts';
export type { Preview } from './preview.ts';
export {
  type Mode,
  modes,
  type Question,
  questionOf,
  type RunResults,
  reasonToStay,
  type Settings,
  scopeAfterPush,
} from './question.ts';
export type { Dispatched } from './send.ts';
export type { Means } from './survey.ts';
