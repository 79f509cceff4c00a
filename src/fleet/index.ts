/** The fleet: who builds on whom, what is fresh, and what to rebuild now. Pure. */
export { inputTagOf, repositoryOfTag } from './freshness.ts';
export {
  createGraph,
  dependentsOf,
  type Graph,
  imageAt,
  nameOfUpstream,
  positionOf,
  relevantTo,
  sourceName,
  upstreamsAt,
} from './graph.ts';
export { plan } from './plan.ts';
export { defaultPolicy, isHeldTooLong, retryTime } from './retry.ts';
export type * from './types.ts';
