/** Retention: which builds of the fleet's images stay, which go, and in which order. */
export { guardProblems } from './guards.ts';
export { planRotation } from './plan.ts';
export { type TagKind, tagKind } from './tags.ts';
export type * from './types.ts';
