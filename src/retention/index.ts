/** Retention: which builds of the fleet's images stay, which go, and in which order. */
export { append } from './append.ts';
export { branchRule } from './branch-rule.ts';
export { guardProblems } from './guards.ts';
export { pendingAnnotations, pendingArtifactType, pendingTag, readPending } from './pending.ts';
export { pendingEntries } from './pending-entries.ts';
export { periodText, startOf } from './periods.ts';
export { planRotation } from './plan.ts';
export { type TagKind, tagKind } from './tags.ts';
export type * from './types.ts';
