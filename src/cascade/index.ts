/** A cascade: from one change to the dispatches that follow from it. */
export { type Dispatch, type DispatchScope, decideDispatches } from './decide.ts';
export { type Dispatched, type Look, look, type Means, type Question } from './look.ts';
export { type Origin, readOrigin } from './origin.ts';
export { type Payload, payloadOf } from './payload.ts';
export {
  type Mode,
  modes,
  type RunResults,
  reasonToStay,
  type Scope,
  scopeAfterPush,
  scopeAfterSource,
} from './question.ts';
